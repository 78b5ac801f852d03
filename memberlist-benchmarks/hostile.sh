#!/usr/bin/env bash
# Attacks clusters of three members, of this engine and of the Go library, and prints what it did to them.
# Usage: memberlist-benchmarks/hostile.sh [SECONDS] [SCENES] [SIDES]
#   SECONDS   how long floods and idle streams last, 60 by default; the other attacks end after 20
#   SCENES    their names, separated by commas, or all; all by default
#   SIDES     java, go or java,go, which is the default. Go needs its toolchain
# The table and the logs of the members go to memberlist-benchmarks/target/hostile.
set -euo pipefail
cd "$(dirname "$0")/.."
module=memberlist-benchmarks
mkdir -p $module/target
sides=${3:-java,go}
case $sides in *go*) (cd interop && go build -o "../$module/target/memberlist-node" .) ;; esac
[ -n "${SKIP_BUILD:-}" ] || ${MVN:-./mvnw} -B -ntp -q -pl $module -am -DskipTests package
# The attacker opens thousands of connections.
ulimit -n "$(ulimit -Hn)"
exec java -Xmx1g -Dgo.program=$module/target/memberlist-node -Doutput=$module/target/hostile \
    -cp "$module/target/*:$module/target/lib/*" io.memberlist.benchmarks.hostile.HostilePeers "${1:-60}" "${2:-all}" "$sides"
