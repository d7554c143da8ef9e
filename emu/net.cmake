# Ethernet and what lies beyond it, and the hash engine.
# SPDX-License-Identifier: MIT
pkg_check_modules(SLIRP REQUIRED IMPORTED_TARGET slirp>=4.7)
pkg_check_modules(GLIB REQUIRED IMPORTED_TARGET glib-2.0)

target_sources(tern_emu PRIVATE
    dcp.c enet.c enet_dma.c enet_offload.c ip4.c net.c net_dns.c net_filter.c
    net_rules.c net_slirp.c net_time.c pcap.c phy.c sha.c)
target_link_libraries(tern_emu PUBLIC PkgConfig::SLIRP PkgConfig::GLIB)
