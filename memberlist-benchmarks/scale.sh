#!/usr/bin/env bash
# Measures many members in one process, of this engine and of the Go library in turns.
# Usage: memberlist-benchmarks/scale.sh SCENE MEMBERS [SIDES] [REPETITIONS] [SECONDS]
#   SCENE         storm: all join one seed at the same moment; busy: the same while others keep all cores busy for a minute;
#                 ladder: one after the other; quiet: nothing happens; starved: others take the processors from a quiet
#                 cluster for a minute; failures: five end without a word; lone: one member alone; jvm: no member, to
#                 compare with lone
#   SIDES         java, go or java,go, which is the default. Go needs its toolchain
#   REPETITIONS   3 by default
#   SECONDS       for how long a quiet cluster rests before it is measured for as long, 60 by default
# JAVA_FLAGS sets the flags of the JVM with the members, -Xmx4g -XX:+UseParallelGC by default: what G1 does at each write of a
# reference costs a third of the time where a thousand tables of a thousand members grow in one process. Each member needs a few open files.
set -euo pipefail
cd "$(dirname "$0")/.."
module=memberlist-benchmarks
mkdir -p $module/target
sides=${3:-java,go}
case $sides in *go*) (cd interop && go build -o "../$module/target/memberlist-scale" ./scale) ;; esac
[ -n "${SKIP_BUILD:-}" ] || ${MVN:-./mvnw} -B -ntp -q -pl $module -am -DskipTests package
ulimit -n "$(ulimit -Hn)"
exec java -Dplots=$module/target -Dgo.program=$module/target/memberlist-scale -Djava.flags="${JAVA_FLAGS:--Xmx4g -XX:+UseParallelGC}" \
    -cp "$module/target/*:$module/target/lib/*" io.memberlist.benchmarks.scale.Scale "$1" "$2" "$sides" "${4:-3}" "${5:-60}"
