#!/usr/bin/env bash
# Measures what a cluster costs a Spring Boot application: time and CPU seconds until it is ready, memory, jars.
# Usage: memberlist-benchmarks/weight.sh [RUNS] [APPLICATION...]
#   RUNS          how often each application starts, 7 by default; they take turns, so that all meet the same load
#   APPLICATION   of Plain, Memberlist, Hazelcast, JGroups; all by default. The figures of the first one are subtracted
# Other programs on the machine change the seconds. They hardly change CPU seconds, which are user and system time.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-7}
shift || true
applications=("$@")
[ ${#applications[@]} -gt 0 ] || applications=(Plain Memberlist Hazelcast JGroups)
module=memberlist-benchmarks/weight
out=$module/target/weight
mkdir -p "$out"

for application in "${applications[@]}"; do
    rm -rf "$out/${application,,}" "$out/$application.runs"
    ${MVN:-./mvnw} -B -ntp -q -pl $module -am -DskipTests package "-Dlibrary=${application,,}"
done
for ((run = 0; run < runs; run++)); do
    for application in "${applications[@]}"; do
        java ${JAVA_FLAGS:--Xms64m -Xmx256m} -Djgroups.bind_addr=127.0.0.1 -cp "$module/target/classes:$out/${application,,}/*" \
            "io.memberlist.benchmarks.weight.${application}Application" >"$out/log" 2>&1 || true
        grep '^WEIGHT' "$out/log" | cut -d' ' -f2- >>"$out/$application.runs" || { cat "$out/log"; exit 1; }
    done
done

median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
printf 'medians of %d runs\n%-12s' "$runs" ''
printf '%12s' 'seconds' 'CPU s' 'heap MiB' 'resident MiB' 'classes' 'threads' 'MB of jars' 'jars'
echo
first=()
for application in "${applications[@]}"; do
    figures=()
    for column in 1 2 3 4 5 6; do figures+=("$(cut -d' ' -f$column "$out/$application.runs" | median)"); done
    figures+=("$(cat "$out/${application,,}"/*.jar | wc -c | awk '{ print $1 / 1e6 }')" "$(ls "$out/${application,,}" | wc -l)")
    [ ${#first[@]} -gt 0 ] || first=("${figures[@]}")
    printf '%-12s' "$application"
    printf '%12.2f' "${figures[@]}"
    printf '\n%-12s' '  more'
    for i in "${!figures[@]}"; do awk -v a="${figures[i]}" -v b="${first[i]}" 'BEGIN { printf "%+12.2f", a - b }'; done
    echo
done
