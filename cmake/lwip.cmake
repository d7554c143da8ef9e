# lwIP 2.1.3 from its Debian source package, pinned, configured by
# port/lwip/lwipopts.h: the same sources for a microcontroller and, in the
# tests, for the host.
# SPDX-License-Identifier: MIT

set(_lwip ${CMAKE_BINARY_DIR}/source/lwip)
if(NOT EXISTS ${_lwip}/src/include/lwip/init.h)
    execute_process(
        COMMAND ${CMAKE_SOURCE_DIR}/tools/fetch-source.sh lwip ${_lwip}
        COMMAND_ERROR_IS_FATAL ANY)
endif()
set(_lwip_c
    core/altcp.c core/altcp_alloc.c core/altcp_tcp.c core/def.c core/dns.c
    core/inet_chksum.c core/init.c core/ip.c core/mem.c core/memp.c
    core/netif.c core/pbuf.c core/tcp.c core/tcp_in.c core/tcp_out.c
    core/timeouts.c core/udp.c core/ipv4/dhcp.c core/ipv4/etharp.c
    core/ipv4/icmp.c core/ipv4/ip4.c core/ipv4/ip4_addr.c netif/ethernet.c
    apps/mqtt/mqtt.c apps/sntp/sntp.c)
list(TRANSFORM _lwip_c PREPEND ${_lwip}/src/)
add_library(lwip_source STATIC ${_lwip_c})
# Debian's package has a port/include/lwipopts.h of its own: not in the path.
target_include_directories(lwip_source SYSTEM PUBLIC ${_lwip}/src/include)
target_include_directories(lwip_source PUBLIC ${CMAKE_SOURCE_DIR}/port/lwip/config)
if(CMAKE_CROSSCOMPILING)
    target_compile_options(lwip_source PRIVATE -ffreestanding)
endif()
