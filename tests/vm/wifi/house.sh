#!/bin/sh
# Three radios (mac80211_hwsim): the tablet's, the router's and a hotel's, the last two in network namespaces. The
# router bridges its network to the cable; the hotel's leads to a page that wants a sign-in. The camera (vivid) shows
# what is written to /dev/video1 (show.sh).
set -eu
here=/usr/local/lib/house

# give NUMBER NAMESPACE: the radio's interface, which goes there with it.
give() {
    phy=$(ls -d /sys/class/ieee80211/* | sed -n "$1p")
    ls "$phy/device/net" | head -n 1
    iw phy "$(basename "$phy")" set netns name "$2"
}

udevadm settle
modprobe mac80211_hwsim radios=3
udevadm settle
ip netns add router
ip netns add hotel
# The last first: the numbers of those before it stay.
far=$(give 3 hotel)
near=$(give 2 router)
cable=$(basename "$(ls -d /sys/class/net/e* | head -n 1)")
ip link set "$cable" netns router

in_router="ip netns exec router"
$in_router ip link add bridge type bridge
$in_router ip link set "$cable" master bridge
$in_router ip link set "$cable" up
$in_router ip link set bridge up
sed "s/^interface=.*/interface=$near/" $here/home.conf >/run/home.conf
$in_router hostapd -B -f /run/home.log /run/home.conf

in_hotel="ip netns exec hotel"
sed "s/^interface=.*/interface=$far/" $here/hotel.conf >/run/hotel.conf
$in_hotel hostapd -B -f /run/hotel.log /run/hotel.conf
$in_hotel ip link set lo up
# The desk's own address is answered by the hotel.
$in_hotel ip address add 10.0.2.2/24 dev "$far"
$in_hotel dnsmasq --no-resolv --no-hosts --bind-interfaces --interface="$far" --address=/#/10.0.2.2 \
    --dhcp-range=10.0.2.100,10.0.2.120 --dhcp-leasefile=/run/hotel.leases --pid-file=/run/hotel.pid
$in_hotel setsid python3 $here/portal.py >/run/portal.log 2>&1 &

modprobe vivid n_devs=1 node_types=0x101 num_inputs=1 input_types=3 num_outputs=1 output_types=1 \
    vid_cap_nr=0 vid_out_nr=1
udevadm settle
# 640 × 480 at 60 Hz, both ends alike: only then does one show the other (vivid's documentation, “Video looping”).
v4l2-ctl -d /dev/video0 --set-dv-bt-timings index=0 --set-ctrl=loop_video=1,osd_text_mode=2
v4l2-ctl -d /dev/video1 --set-dv-bt-timings index=0
