/* imxrt1060_regs.h - the registers that the port and the bootloader use.
 *
 * Sources: i.MX RT1060 Processor Reference Manual, rev. 3, chapters "Clock
 * Controller Module", "DCDC Converter", "Data Co-Processor", "IOMUX
 * Controller", "FlexSPI Controller", "LPUART", "General Purpose Timer",
 * "Watchdog Timer (WDOG1-2)", "Watchdog Timer (RTWDOG)", "System Reset
 * Controller", "Secure Non-Volatile Storage", "On-Chip OTP Controller", "True
 * Random Number Generator"; ARMv7-M Architecture Reference Manual, B3 "System
 * Address Map".
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_IMXRT1060_REGS_H
#define TERN_PORT_IMXRT1060_REGS_H

#include <stdint.h>

#define REG32(address) (*(volatile uint32_t *)(uintptr_t)(address))
#define REG8(address)  (*(volatile uint8_t *)(uintptr_t)(address))
#define REG16(address) (*(volatile uint16_t *)(uintptr_t)(address))

/* --- memory --------------------------------------------------------------- */
#define ITCM_BASE   0x00000000u
#define DTCM_BASE   0x20000000u
#define DTCM_BYTES  0x00020000u
#define FLASH_BASE  0x60000000u /* the window in which the flash is seen */
#define DEVICE_BASE 0x40000000u

/* --- the core ------------------------------------------------------------- */
#define SYST_CSR          REG32(0xE000E010)
#define SYST_CSR_RUN      3u /* by the 100 kHz reference, with exception */
#define SYST_RVR          REG32(0xE000E014)
#define SYST_CVR          REG32(0xE000E018)
#define NVIC_WORDS        5u /* of 32 interrupts; the chip has 158 */
#define NVIC_ISER(n)      REG32(0xE000E100 + 4 * (n))
#define NVIC_ICER(n)      REG32(0xE000E180 + 4 * (n))
#define NVIC_ICPR(n)      REG32(0xE000E280 + 4 * (n))
#define NVIC_IPR8(irq)    REG8(0xE000E400 + (irq))
#define SCB_ICSR          REG32(0xE000ED04)
#define ICSR_PENDSVCLR    0x08000000u
#define ICSR_PENDSTCLR    0x02000000u
#define SCB_VTOR          REG32(0xE000ED08)
#define SCB_AIRCR         REG32(0xE000ED0C)
#define AIRCR_SYSRESETREQ 0x05FA0004u
#define SCB_CCR           REG32(0xE000ED14)
#define CCR_DC            0x00010000u
#define CCR_IC            0x00020000u
#define SCB_SHPR3         REG32(0xE000ED20)
#define SHPR3_SYSTICK     0xFF000000u
#define SCB_SHCSR         REG32(0xE000ED24)
#define SHCSR_FAULTS      0x00070000u /* MemManage, BusFault, UsageFault */
#define SCB_CFSR          REG32(0xE000ED28)
#define SCB_HFSR          REG32(0xE000ED2C)
#define SCB_MMFAR         REG32(0xE000ED34)
#define SCB_BFAR          REG32(0xE000ED38)
#define SCB_CCSIDR        REG32(0xE000ED80)
#define SCB_CSSELR        REG32(0xE000ED84)
#define MPU_CTRL          REG32(0xE000ED94)
#define MPU_RNR           REG32(0xE000ED98)
#define MPU_RBAR          REG32(0xE000ED9C)
#define MPU_RASR          REG32(0xE000EDA0)
#define SCB_ICIALLU       REG32(0xE000EF50)
#define SCB_DCIMVAC       REG32(0xE000EF5C)
#define SCB_DCISW         REG32(0xE000EF60)
#define SCB_DCCISW        REG32(0xE000EF74)
#define CACHE_LINE_BYTES  32u

/* --- the core's clock and voltage ----------------------------------------- */
#define DCDC_REG0              REG32(0x40080000)
#define DCDC_REG0_OK           0x80000000u /* the voltage is as asked for */
#define DCDC_REG3              REG32(0x4008000C)
#define DCDC_REG3_TARGET       0x0000001Fu /* 0.8 V, and 25 mV for each */
#define DCDC_REG3_DISABLE_STEP 0x40000000u
#define PLL_ARM                REG32(0x400D8000)
#define PLL_ARM_SET            REG32(0x400D8004)
#define PLL_ARM_CLR            REG32(0x400D8008)
#define PLL_ARM_DIVIDER        0x0000007Fu /* times the crystal, by two */
#define PLL_ARM_POWER_DOWN     0x00001000u
#define PLL_ARM_ENABLE         0x00002000u
#define PLL_ARM_BYPASS         0x00010000u
#define PLL_ARM_LOCK           0x80000000u
#define CCM_CACRR              REG32(0x400FC010)
#define CACRR_ARM_PODF         0x00000007u
#define CCM_CBCDR              REG32(0x400FC014)
#define CBCDR_IPG_PODF         0x00000300u
#define CBCDR_AHB_PODF         0x00001C00u
#define CBCDR_SEMC_PODF        0x00070000u
#define CBCDR_PERIPH_CLK2      0x02000000u /* else PRE_PERIPH of CBCMR */
#define CBCDR_PERIPH_CLK2_PODF 0x38000000u
#define CCM_CBCMR              REG32(0x400FC018)
#define CBCMR_PERIPH_CLK2      0x00003000u
#define CBCMR_PERIPH_CLK2_OSC  0x00001000u
#define CBCMR_PRE_PERIPH       0x000C0000u
#define CBCMR_PRE_PERIPH_ARM   0x000C0000u /* the ARM PLL by ARM_PODF */
#define CCM_CSCMR1             REG32(0x400FC01C)
#define CSCMR1_PERCLK          0x0000007Fu /* divider and source */
#define CSCMR1_PERCLK_OSC      0x00000040u /* 24 MHz crystal, not divided */
#define CSCMR1_FLEXSPI         0x60000000u /* 0: the SEMC's clock */
#define CCM_CDHIPR             REG32(0x400FC048)
#define CDHIPR_BUSY            0x0001002Bu

/* --- clocks and pins ------------------------------------------------------ */
#define CCM_CSCDR1        REG32(0x400FC024)
#define CSCDR1_UART       0x0000007Fu /* divider and source */
#define CSCDR1_UART_OSC   0x00000040u /* 24 MHz crystal, not divided */
#define CCM_CCGR0         REG32(0x400FC068)
#define CCGR0_GPT2        0x0F000000u
#define CCGR0_DCP         0x00000C00u
#define CCM_CCGR1         REG32(0x400FC06C)
#define CCGR1_PIT         0x00003000u
#define CCGR1_GPT1        0x00F00000u
#define CCM_CCGR2         REG32(0x400FC070)
#define CCGR2_OCOTP       0x00003000u
#define CCM_CCGR3         REG32(0x400FC074)
#define CCGR3_SEMC        0x00000030u
#define CCGR3_WDOG1       0x00030000u
#define CCM_CCGR5         REG32(0x400FC07C)
#define CCGR5_LPUART1     0x03000000u
#define CCM_CCGR6         REG32(0x400FC080)
#define CCGR6_DCDC        0x000000C0u
#define CCGR6_FLEXSPI     0x00000C00u
#define CCGR6_TRNG        0x00003000u
#define MUX_GPIO_AD_B0_12 REG32(0x401F80EC) /* the EVK's console, out */
#define MUX_GPIO_AD_B0_13 REG32(0x401F80F0) /* in */
#define MUX_ALT2_LPUART1  2u
#define OSC_HZ            24000000u

/* --- remap of the flash window -------------------------------------------- */
#define GPR30_REMAP_START  REG32(0x400AC078)
#define GPR31_REMAP_END    REG32(0x400AC07C)
#define GPR32_REMAP_OFFSET REG32(0x400AC080)

/* --- DCP ------------------------------------------------------------------ */
#define DCP_CTRL             REG32(0x402FC000)
#define DCP_CTRL_SET         REG32(0x402FC004)
#define DCP_CTRL_CLR         REG32(0x402FC008)
#define DCP_CTRL_SFTRST      0x80000000u
#define DCP_CTRL_CLKGATE     0x40000000u
#define DCP_CTRL_GATHER      0x00800000u /* writes of less than a word */
#define DCP_CHANNELCTRL      REG32(0x402FC020)
#define DCP_CHANNEL_0        0x00000001u
#define DCP_CH0CMDPTR        REG32(0x402FC100)
#define DCP_CH0SEMA          REG32(0x402FC110) /* a write adds to it */
#define DCP_SEMA_VALUE       0x00FF0000u
#define DCP_CH0STAT          REG32(0x402FC120)
#define DCP_CH0STAT_CLR      REG32(0x402FC128)
#define DCP_STAT_ERRORS      0x0000007Eu
#define DCP_STAT_ALL         0x00FF00FFu
#define DCP_PACKET_SEMAPHORE 0x00000002u /* takes one from it when done */
#define DCP_PACKET_HASH      0x00000040u
#define DCP_PACKET_HASH_INIT 0x00001000u
#define DCP_PACKET_HASH_TERM 0x00002000u
#define DCP_PACKET_SHA256    0x00020000u

/* --- LPUART1 -------------------------------------------------------------- */
#define LPUART1_GLOBAL   REG32(0x40184008)
#define LPUART1_BAUD     REG32(0x40184010)
#define LPUART1_STAT     REG32(0x40184014)
#define LPUART1_CTRL     REG32(0x40184018)
#define LPUART1_DATA     REG32(0x4018401C)
#define LPUART1_IRQ      20u
#define LPUART_RST       0x00000002u
#define LPUART_OSR_LOW   24u
#define LPUART_STAT_TDRE 0x00800000u
#define LPUART_STAT_TC   0x00400000u
#define LPUART_STAT_RDRF 0x00200000u
#define LPUART_CTRL_TIE  0x00800000u
#define LPUART_CTRL_TE   0x00080000u
#define LPUART_CTRL_RE   0x00040000u

/* --- GPT2 ----------------------------------------------------------------- */
#define GPT2_CR       REG32(0x401F0000)
#define GPT2_PR       REG32(0x401F0004)
#define GPT2_SR       REG32(0x401F0008)
#define GPT2_CNT      REG32(0x401F0024)
#define GPT_EN        0x00000001u
#define GPT_ENMOD     0x00000002u /* from zero when enabled */
#define GPT_WAITEN    0x00000008u /* goes on while the core sleeps */
#define GPT_CLK_OSC   0x00000140u /* source 5 */
#define GPT_FRR       0x00000200u /* counts through all 32 bits */
#define GPT_EN_24M    0x00000400u
#define GPT_SWR       0x00008000u
#define GPT_SR_ALL    0x0000003Fu
#define GPT_PR_24M(n) (((n)-1u) << 12) /* divides the crystal by n, 1..16 */
#define GPT_PR(n)     ((n)-1u)         /* and then by n, 1..4096 */

/* --- watchdogs ------------------------------------------------------------ */
#define WDOG1_WCR         REG16(0x400B8000)
#define WDOG1_WSR         REG16(0x400B8002)
#define WDOG1_WMCR        REG16(0x400B8008)
#define WDOG2_WMCR        REG16(0x400D0008)
#define WCR_WDBG          0x0002u /* stands still while a debugger halts */
#define WCR_WDE           0x0004u
#define WCR_SRS           0x0010u /* zero would reset at once */
#define WCR_WDA           0x0020u
#define WCR_WT_LOW        8u
#define WSR_SERVICE_1     0x5555u
#define WSR_SERVICE_2     0xAAAAu
#define RTWDOG_CS         REG32(0x400BC000)
#define RTWDOG_CNT        REG32(0x400BC004)
#define RTWDOG_TOVAL      REG32(0x400BC008)
#define RTWDOG_UNLOCK     0xD928C520u
#define RTWDOG_CS_UPDATE  0x00000020u
#define RTWDOG_CS_EN      0x00000080u
#define RTWDOG_TOVAL_LAST 0x0000FFFFu

/* --- reset causes --------------------------------------------------------- */
#define SRC_SRSR            REG32(0x400F8008)
#define SRSR_IPP_RESET_B    0x00000001u
#define SRSR_SYSRESETREQ    0x00000002u /* or lock-up */
#define SRSR_IPP_USER_RESET 0x00000008u
#define SRSR_WDOG           0x00000010u /* WDOG1, WDOG2 */
#define SRSR_WDOG3          0x00000080u

/* --- what outlives a reset, what is burnt in -------------------------------
 */
#define SNVS_LPGPR3 REG32(0x400D410C)
#define OCOTP_CFG0  REG32(0x401F4410) /* unique id, low word */
#define OCOTP_CFG1  REG32(0x401F4420)

/* --- TRNG ----------------------------------------------------------------- */
#define TRNG_MCTL             REG32(0x400CC000)
#define TRNG_MCTL_VON_NEUMANN 0x00000002u /* the tests see the raw bits */
#define TRNG_MCTL_RST_DEF     0x00000040u
#define TRNG_MCTL_ENT_VAL     0x00000400u
#define TRNG_MCTL_ERR         0x00001000u /* one clears */
#define TRNG_MCTL_PRGM        0x00010000u
#define TRNG_ENT(n)           REG32(0x400CC040 + 4 * (n))
#define TRNG_WORDS            16u

/* --- FlexSPI -------------------------------------------------------------- */
#define FLEXSPI_MCR0         REG32(0x402A8000)
#define FLEXSPI_MCR0_SWRESET 0x00000001u
#define FLEXSPI_INTR         REG32(0x402A8014)
#define FLEXSPI_INTR_DONE    0x00000001u
#define FLEXSPI_INTR_ERROR   0x0000000Au /* grant time-out, command error */
#define FLEXSPI_INTR_TX      0x00000040u
#define FLEXSPI_LUTKEY       REG32(0x402A8018)
#define FLEXSPI_LUTKEY_VALUE 0x5AF05AF0u
#define FLEXSPI_LUTCR        REG32(0x402A801C)
#define FLEXSPI_LUTCR_LOCK   1u
#define FLEXSPI_LUTCR_UNLOCK 2u
#define FLEXSPI_IPCR0        REG32(0x402A80A0)
#define FLEXSPI_IPCR1        REG32(0x402A80A4)
#define FLEXSPI_IPCMD        REG32(0x402A80B0)
#define FLEXSPI_IPRXFCR      REG32(0x402A80B8)
#define FLEXSPI_IPTXFCR      REG32(0x402A80BC)
#define FLEXSPI_FCR_CLEAR    1u
#define FLEXSPI_FCR_MARK(n)  (((n) / 8u - 1u) << 2) /* bytes, in steps of 8 */
#define FLEXSPI_STS0         REG32(0x402A80E0)
#define FLEXSPI_STS0_IDLE    3u
#define FLEXSPI_RFDR(n)      REG32(0x402A8100 + 4 * (n))
#define FLEXSPI_TFDR(n)      REG32(0x402A8180 + 4 * (n))
#define FLEXSPI_LUT(n)       REG32(0x402A8200 + 4 * (n))
#define FLEXSPI_FIFO_BYTES   128u

/* One instruction of the look-up table: opcode, pads as a power of two,
 * operand. Two make a word, the first one in its low half. */
#define LUT(opcode, pads, operand)                                             \
    ((uint32_t)(opcode) << 10 | (uint32_t)(pads) << 8 | (uint32_t)(operand))
#define LUT_PAIR(first, second) ((uint32_t)(second) << 16 | (uint32_t)(first))
enum {
    LUT_STOP = 0x00,
    LUT_CMD = 0x01,
    LUT_RADDR = 0x02,
    LUT_WRITE = 0x08,
    LUT_READ = 0x09,
    LUT_DUMMY = 0x0C,
    LUT_1PAD = 0,
    LUT_4PADS = 2,
};

#endif
