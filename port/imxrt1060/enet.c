/* enet.c - Ethernet by two rings of descriptors. Start at enet_begin(), then
 * the four functions of port_frame at the end.
 *
 * Rings and buffers are in DTCM (.bss of port/imxrt1060/program.ld): the core
 * reaches it past its caches, and the controller's DMA through the core's AHBS
 * port, which GPR1 keeps awake while the core sleeps. Barriers are enough.
 * Source: see enet_regs.h. Tests: test/system/test_board_net.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/imxrt1060/enet.h"

#include <string.h>

#include "port/imxrt1060/core.h"
#include "port/imxrt1060/enet_regs.h"
#include "port/imxrt1060/m7.h"
#include "port/imxrt1060/ocotp.h"

enum {
    RX_BUFFERS = 6,
    TX_BUFFERS = 3,
    BUFFER_BYTES = 1536, /* a multiple of 64, above 1518 */
    FRAME_WITH_FCS_MAX = FRAME_BYTES_MAX + 4,
    FRAME_BYTES_MIN = 14,
    PHY_ASK_MS = 100,
    PHY_RESET_MS = 2, /* the data sheet wants 0.5 */
};
_Static_assert(BUFFER_BYTES >= FRAME_WITH_FCS_MAX, "a frame is one buffer");

enum phy_step {
    PHY_REST,     /* until the next question is due */
    PHY_ASK_LINK, /* the answer to which is on its way */
    PHY_ASK_MODE,
};

static struct {
    struct enet_descriptor rx[RX_BUFFERS] __attribute__((aligned(64)));
    struct enet_descriptor tx[TX_BUFFERS] __attribute__((aligned(64)));
    uint8_t rx_buffer[RX_BUFFERS][BUFFER_BYTES] __attribute__((aligned(64)));
    uint8_t tx_buffer[TX_BUFFERS][BUFFER_BYTES] __attribute__((aligned(64)));
    const struct port_clock *clock;
    uint32_t rx_at, tx_at; /* the descriptor to look at next */
    uint32_t asked_ms;
    enum phy_step step;
    uint16_t mode; /* as PHY_MODE; 0: no link */
    bool wakes;
} enet;

static uint32_t address_of(const volatile void *p)
{
    return (uint32_t)(uintptr_t)p;
}

/* --- the PHY, a question at a time -----------------------------------------
 */

static void mdio_begin(uint32_t operation, uint32_t reg, uint32_t value)
{
    ENET_EIR = EIR_MII;
    ENET_MMFR = operation | PHY_ADDRESS << MMFR_ADDRESS_LOW |
                reg << MMFR_REGISTER_LOW | value;
}

static bool mdio_done(void)
{
    return (ENET_EIR & EIR_MII) != 0;
}

static void wait_ms(uint32_t ms)
{
    uint32_t from = enet.clock->now_ms(enet.clock->ctx);

    while (enet.clock->now_ms(enet.clock->ctx) - from <= ms) {
    }
}

static void phy_begin(void)
{
    GPIO1_DR_SET = GPIO1_PHY_INTERRUPT;
    GPIO1_DR_CLEAR = GPIO1_PHY_RESET;
    GPIO1_GDIR |= GPIO1_PHY_RESET | GPIO1_PHY_INTERRUPT;
    wait_ms(PHY_RESET_MS);
    GPIO1_DR_SET = GPIO1_PHY_RESET;
    wait_ms(PHY_RESET_MS);
    /* Its oscillator is our clock: without this there is no link. */
    mdio_begin(MMFR_WRITE, PHY_CONTROL_2, PHY_CONTROL_2_RMII_50);
    while (!mdio_done()) {
    }
}

/* --- rings -----------------------------------------------------------------
 */

static uint16_t wrap_at(uint32_t i, uint32_t count)
{
    return i + 1 == count ? BD_WRAP : 0;
}

static void rings_fill(void)
{
    for (uint32_t i = 0; i < RX_BUFFERS; i++) {
        enet.rx[i].buffer = address_of(enet.rx_buffer[i]);
        enet.rx[i].control = BD_OWN | wrap_at(i, RX_BUFFERS);
    }
    for (uint32_t i = 0; i < TX_BUFFERS; i++) {
        enet.tx[i].buffer = address_of(enet.tx_buffer[i]);
        enet.tx[i].control = wrap_at(i, TX_BUFFERS);
    }
    enet.rx_at = 0;
    enet.tx_at = 0;
}

static void controller_stop(void)
{
    ENET_ECR = ECR_DBSWP;
    core_barrier();
}

/* Stopping has set the controller back to the rings' beginnings. What was in
 * them is lost, as what is on a wire whose link changes. */
static void controller_start(uint16_t mode)
{
    bool slow = mode == PHY_MODE_10_HALF || mode == PHY_MODE_10_FULL;
    bool full = mode == PHY_MODE_100_FULL || mode == PHY_MODE_10_FULL;

    controller_stop();
    rings_fill();
    ENET_RCR = RCR_MAX_LENGTH(FRAME_WITH_FCS_MAX) | RCR_CRCFWD | RCR_RMII |
               RCR_MII | (slow ? RCR_RMII_10T : 0);
    ENET_TCR = full ? TCR_FULL_DUPLEX : 0;
    ENET_MRBR = BUFFER_BYTES;
    ENET_RDSR = address_of(enet.rx);
    ENET_TDSR = address_of(enet.tx);
    ENET_EIR = EIR_EBERR;
    core_barrier();
    ENET_ECR = ECR_DBSWP | ECR_ETHEREN;
    ENET_RDAR = DAR_ACTIVE;
}

static void mode_take(uint16_t mode)
{
    if (mode == enet.mode && !(ENET_EIR & EIR_EBERR))
        return;
    enet.mode = mode;
    if (mode == 0)
        controller_stop();
    else
        controller_start(mode);
}

/* --- starting --------------------------------------------------------------
 */

/* The PHY's 50 MHz come from here, by GPIO_B1_10. */
static void clock_begin(void)
{
    CCM_CCGR4 |= CCGR4_IOMUXC | CCGR4_IOMUXC_GPR;
    CCM_CCGR1 |= CCGR1_ENET | CCGR1_GPIO1;
    PLL_ENET_CLR = PLL_ENET_POWER_DOWN | PLL_ENET_DIVIDER;
    PLL_ENET_SET = PLL_ENET_50_MHZ;
    while (!(PLL_ENET & PLL_ENET_LOCK)) {
    }
    PLL_ENET_CLR = PLL_ENET_BYPASS;
    PLL_ENET_SET = PLL_ENET_ENABLE;
    IOMUXC_GPR1 = (IOMUXC_GPR1 & ~GPR1_ENET_CLK_SEL) | GPR1_ENET_TX_CLK_DIR |
                  GPR1_CM7_FORCE_HCLK;
}

/* Offsets from the IOMUXC's base of multiplexer, pad and, where an input can
 * come from several pins, its choice. */
static const struct pin {
    uint16_t mux, pad, choice;
    uint8_t mode, chosen;
    uint16_t electric;
} PINS[] = {
    {0x0E0, 0x2D0, 0, 5, 0, 0xB0A9},     /* AD_B0_09: PHY reset */
    {0x0E4, 0x2D4, 0, 5, 0, 0xB0A9},     /* AD_B0_10: its interrupt */
    {0x0B4, 0x2A4, 0, 4, 0, 0xB0E9},     /* EMC_40: MDC */
    {0x0B8, 0x2A8, 0x430, 4, 1, 0xB829}, /* EMC_41: MDIO, pulled up */
    {0x18C, 0x37C, 0x434, 3, 1, 0xB0E9}, /* B1_04: RX_DATA0 */
    {0x190, 0x380, 0x438, 3, 1, 0xB0E9}, /* B1_05: RX_DATA1 */
    {0x194, 0x384, 0x43C, 3, 1, 0xB0E9}, /* B1_06: RX_EN */
    {0x198, 0x388, 0, 3, 0, 0xB0E9},     /* B1_07: TX_DATA0 */
    {0x19C, 0x38C, 0, 3, 0, 0xB0E9},     /* B1_08: TX_DATA1 */
    {0x1A0, 0x390, 0, 3, 0, 0xB0E9},     /* B1_09: TX_EN */
    {0x1A4, 0x394, 0x42C, 6 | MUX_SION, 1,
     0x31},                              /* B1_10: REF_CLK, both ways */
    {0x1A8, 0x398, 0x440, 3, 1, 0xB0E9}, /* B1_11: RX_ER */
};

static void pins_begin(void)
{
    for (uint32_t i = 0; i < sizeof PINS / sizeof PINS[0]; i++) {
        const struct pin *p = &PINS[i];
        IOMUXC_MUX(p->mux) = p->mode;
        IOMUXC_MUX(p->pad) = p->electric;
        if (p->choice != 0)
            IOMUXC_MUX(p->choice) = p->chosen;
    }
}

static void mac_begin(const uint8_t address[FRAME_ADDRESS_BYTES])
{
    ENET_ECR = ECR_RESET;
    while (ENET_ECR & ECR_RESET) {
    }
    ENET_EIMR = 0;
    ENET_EIR = UINT32_MAX;
    ENET_MSCR = MSCR_SAFE;
    ENET_PALR = (uint32_t)address[0] << 24 | (uint32_t)address[1] << 16 |
                (uint32_t)address[2] << 8 | address[3];
    ENET_PAUR = (uint32_t)address[4] << 24 | (uint32_t)address[5] << 16;
    ENET_IAUR = 0; /* no address but ours and broadcast */
    ENET_IALR = 0;
    ENET_GAUR = 0;
    ENET_GALR = 0;
    ENET_TFWR = TFWR_STORE_FORWARD; /* a frame never runs dry on its way */
}

void enet_address(uint8_t address[FRAME_ADDRESS_BYTES])
{
    CCM_CCGR2 |= CCGR2_OCOTP;
    uint32_t high = OCOTP_MAC1 & 0xFFFF, low = OCOTP_MAC0;

    if (high == 0 && low == 0) {
        uint64_t id = ocotp_unique_id();
        low = (uint32_t)(id ^ id >> 32);
        high =
            0x0200 | (uint8_t)(id >> 40 ^ id >> 8); /* locally administered */
    }
    address[0] = (uint8_t)(high >> 8);
    address[1] = (uint8_t)high;
    address[2] = (uint8_t)(low >> 24);
    address[3] = (uint8_t)(low >> 16);
    address[4] = (uint8_t)(low >> 8);
    address[5] = (uint8_t)low;
}

/* --- interrupts ------------------------------------------------------------
 */

RAM_CODE void enet_interrupt(void)
{
    ENET_EIMR = 0; /* until the ring has been emptied */
    core_barrier();
}

void enet_wake_on(void)
{
    enet.wakes = true;
    ENET_EIMR = EIR_RXF;
    m7_interrupt_on(ENET_IRQ);
}

/* The ring was seen empty; what comes from now on wakes again. */
static void wake_again(void)
{
    ENET_EIR = EIR_RXF | EIR_TXF;
    NVIC_ICPR(ENET_IRQ / 32) = 1u << ENET_IRQ % 32;
    if (enet.wakes)
        ENET_EIMR = EIR_RXF;
    core_barrier();
}

/* --- port_frame ------------------------------------------------------------
 */

static bool link_is_up(void *ctx)
{
    uint32_t now = enet.clock->now_ms(enet.clock->ctx);

    (void)ctx;
    switch (enet.step) {
    case PHY_REST:
        if (now - enet.asked_ms < PHY_ASK_MS)
            break;
        enet.asked_ms = now;
        mdio_begin(MMFR_READ, PHY_STATUS, 0);
        enet.step = PHY_ASK_LINK;
        break;
    case PHY_ASK_LINK:
        if (!mdio_done())
            break;
        enet.step = PHY_REST;
        if (ENET_MMFR & PHY_STATUS_LINK) {
            mdio_begin(MMFR_READ, PHY_CONTROL_1, 0);
            enet.step = PHY_ASK_MODE;
        } else {
            mode_take(0);
        }
        break;
    case PHY_ASK_MODE:
        if (!mdio_done())
            break;
        enet.step = PHY_REST;
        mode_take(ENET_MMFR & PHY_MODE);
        break;
    }
    return enet.mode != 0;
}

static uint8_t *send_begin(void *ctx)
{
    (void)ctx;
    if (enet.mode == 0 || (enet.tx[enet.tx_at].control & BD_OWN))
        return NULL;
    return enet.tx_buffer[enet.tx_at];
}

static void send(void *ctx, size_t len)
{
    struct enet_descriptor *d = &enet.tx[enet.tx_at];

    (void)ctx;
    if (len < FRAME_BYTES_MIN || len > FRAME_BYTES_MAX)
        return;
    d->length = (uint16_t)len;
    core_barrier(); /* the frame, then its owner, then the bell */
    d->control = (uint16_t)(BD_OWN | BD_LAST | BD_TX_CRC |
                            wrap_at(enet.tx_at, TX_BUFFERS));
    core_barrier();
    ENET_TDAR = DAR_ACTIVE;
    enet.tx_at = (enet.tx_at + 1) % TX_BUFFERS;
}

static void receive_end(void *ctx)
{
    struct enet_descriptor *d = &enet.rx[enet.rx_at];

    (void)ctx;
    core_barrier();
    d->control = (uint16_t)(BD_OWN | wrap_at(enet.rx_at, RX_BUFFERS));
    core_barrier();
    ENET_RDAR = DAR_ACTIVE;
    enet.rx_at = (enet.rx_at + 1) % RX_BUFFERS;
}

static bool frame_waits(void)
{
    return enet.mode != 0 && !(enet.rx[enet.rx_at].control & BD_OWN);
}

static const uint8_t *receive(void *ctx, size_t *len)
{
    (void)ctx;
    for (uint32_t i = 0; i < RX_BUFFERS; i++) {
        if (!frame_waits()) {
            wake_again();
            if (!frame_waits()) /* none came in between */
                return NULL;
        }
        core_barrier();
        const struct enet_descriptor *d = &enet.rx[enet.rx_at];
        *len = d->length;
        if ((d->control & BD_LAST) && !(d->control & BD_RX_FAULTS) &&
            *len >= FRAME_BYTES_MIN && *len <= FRAME_BYTES_MAX)
            return enet.rx_buffer[enet.rx_at];
        receive_end(ctx);
    }
    return NULL;
}

void enet_end(void)
{
    NVIC_ICER(ENET_IRQ / 32) = 1u << ENET_IRQ % 32;
    ENET_ECR = ECR_RESET;
    core_barrier();
    NVIC_ICPR(ENET_IRQ / 32) = 1u << ENET_IRQ % 32;
    enet.mode = 0;
    enet.wakes = false;
}

struct port_frame enet_begin(const struct port_clock *clock,
                             const uint8_t address[FRAME_ADDRESS_BYTES])
{
    enet.clock = clock;
    enet.mode = 0;
    enet.step = PHY_REST;
    enet.wakes = false;
    enet.asked_ms = clock->now_ms(clock->ctx) - PHY_ASK_MS;
    clock_begin();
    pins_begin();
    mac_begin(address);
    phy_begin();
    return (struct port_frame){
        .link_is_up = link_is_up,
        .send_begin = send_begin,
        .send = send,
        .receive = receive,
        .receive_end = receive_end,
    };
}
