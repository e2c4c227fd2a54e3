#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# bigtable.sh: a million addresses in one network: all are found, unknown ones are flooded, all are forgotten again.
#
#      h1            h2            h3
#   p1 |          p2 |          p3 |
#  +---o-------------o-------------o---+
#  |            network big            |
#  +-----------------------------------+

. "$(dirname "$0")/lib.sh"

ALL_TESTS="fill lookups dump traffic_still_learns grows_under_traffic forgets"

N=1000000
[ "$VNET_SLOW" = 1 ] && N=30000
[ -n "${VNET_BIGTABLE:-}" ] && N=$VNET_BIGTABLE

setup()
{
	local p

	host h1 p1 02:00:00:00:00:01
	host h2 p2 02:00:00:00:00:02
	host h3 p3 02:00:00:00:00:03
	vq network add big up max-macs 4194304 ageing never
	for p in p1 p2 p3; do
		vq port add $p
		vq member add $p network big max-macs 4194304
	done
}

# address number N in the table; even ones are behind p1, odd ones behind p2
address()
{
	printf '06:00:00:%02x:%02x:%02x' $(($1 >> 16 & 255)) $(($1 >> 8 & 255)) $(($1 & 255))
}

addresses()
{
	awk -v from="$1" -v to="$2" 'BEGIN {
		for (i = from; i < to; i++)
			printf "fdb add big 06:00:00:%02x:%02x:%02x dev p%d static\n",
				int(i / 65536) % 256, int(i / 256) % 256, i % 256, i % 2 + 1
	}'
}

available()
{
	awk '/^MemAvailable/ {print $2}' /proc/meminfo
}

fill()
{
	local before start

	before=$(available)
	start=$(now_ms)
	addresses 0 $N >"$WORK/batch"
	v_batch <"$WORK/batch"
	info "$N entries took $(($(now_ms) - start)) ms and about $(((before - $(available)) * 1024 / N)) bytes each"
	check_eq "addresses" "$(network_get big macs)" $N
	check_eq "addresses of p1" "$(member_get p1 macs)" $((N / 2))
}

lookups()
{
	local i n specs=()

	for i in $(seq 0 199); do
		n=$((i < 100 ? i : (RANDOM << 15 | RANDOM) % N))
		[ $i = 100 ] && n=$((N - 1))
		specs+=("from=h3,k=uni,d=$(address $n),x=h$((n % 2 + 1))")
	done
	specs+=("from=h3,k=uni,d=$(address $N),x=h1+h2" "from=h3,k=udp4,d=06:00:01:00:00:00,x=h1+h2")
	probe "${specs[@]}"
}

dump()
{
	check_eq "addresses in a dump" "$(vnetctl -j fdb show big static | grep -o '"mac"' | wc -l)" $N
	check_eq "different ones" "$(vnetctl -j fdb show big static | grep -oE '06:00:00(:[0-9a-f]{2}){3}' |
		sort -u | wc -l)" $N
	check_eq "one of them" "$(fdb_where big "$(address 4711)")" p2
}

traffic_still_learns()
{
	probe from=h3,k=bcast,x=h1+h2 from=h1,k=uni,d=h3,x=h3
	check_eq "h3" "$(fdb_where big 02:00:00:00:00:03)" p3
}

# The table is resized while frames look things up and are learned.
grows_under_traffic()
{
	local more=$((N / 5))

	addresses $N $((N + more)) >"$WORK/more"
	vnetctl -b "$WORK/more" >/dev/null 2>&1 &
	while kill -0 $! 2>/dev/null; do
		probe from=h3,k=uni,d="$(address 1)",n=50,x=h2 from=h3,k=uni,d="$(address $((N - 2)))",n=50,x=h1 \
		      from=h3,k=bcast,n=50,inc=src,s=02:00:00:00:77:00,x=h1+h2 || break
	done
	wait $! || fail "the batch failed"
	check_eq "static addresses" "$(vnetctl -j fdb show big static | grep -o '"mac"' | wc -l)" $((N + more))
}

forgets()
{
	local start

	start=$(now_ms)
	vq fdb flush big all
	info "a flush took $(($(now_ms) - start)) ms"
	check_eq "addresses" "$(network_get big macs)" 0
	probe from=h3,k=uni,d="$(address 1)",x=h1+h2
	conservation strict
}

run_tests
