/* board.h - the registers that the conformance firmware uses, from the manuals
 * alone: nothing here comes from emu/, or both could be wrong together.
 *
 * Sources: i.MX RT1060 Processor Reference Manual, rev. 3; ARMv7-M Architecture
 * Reference Manual, B3 "System Address Map"; Cortex-M7 Technical Reference
 * Manual.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_EMU_BOARD_H
#define TERN_TEST_EMU_BOARD_H

#include <stdint.h>

#define REG32(address) (*(volatile uint32_t *)(address))
#define REG16(address) (*(volatile uint16_t *)(address))
#define REG8(address)  (*(volatile uint8_t *)(address))

/* --- memory --------------------------------------------------------------- */
#define ITCM_BASE   0x00000000u
#define ITCM_BYTES  0x00020000u
#define DTCM_BASE   0x20000000u
#define DTCM_BYTES  0x00020000u
#define OCRAM_BASE  0x20200000u
#define OCRAM_BYTES 0x000C0000u
#define FLASH_BASE  0x60000000u
#define FLASH_BYTES 0x00800000u
#define HOLE        0x30000000u /* no memory and no device */

/* --- System Control Space ------------------------------------------------- */
#define SYST_CSR          REG32(0xE000E010)
#define SYST_RVR          REG32(0xE000E014)
#define SYST_CVR          REG32(0xE000E018)
#define SYST_CALIB        REG32(0xE000E01C)
#define SYST_ENABLE       0x00000001u
#define SYST_TICKINT      0x00000002u
#define SYST_CORE_CLOCK   0x00000004u
#define SYST_COUNTFLAG    0x00010000u
#define ICTR              REG32(0xE000E004)
#define NVIC_ISER(n)      REG32(0xE000E100 + 4 * (n))
#define NVIC_ICER(n)      REG32(0xE000E180 + 4 * (n))
#define NVIC_ISPR(n)      REG32(0xE000E200 + 4 * (n))
#define NVIC_ICPR(n)      REG32(0xE000E280 + 4 * (n))
#define NVIC_IABR(n)      REG32(0xE000E300 + 4 * (n))
#define NVIC_IPR(n)       REG32(0xE000E400 + 4 * (n))
#define NVIC_IPR8(irq)    REG8(0xE000E400 + (irq))
#define CPUID             REG32(0xE000ED00)
#define ICSR              REG32(0xE000ED04)
#define ICSR_NMIPENDSET   0x80000000u
#define ICSR_PENDSVSET    0x10000000u
#define ICSR_PENDSVCLR    0x08000000u
#define ICSR_PENDSTSET    0x04000000u
#define ICSR_PENDSTCLR    0x02000000u
#define ICSR_ISRPENDING   0x00400000u
#define ICSR_RETTOBASE    0x00000800u
#define VTOR              REG32(0xE000ED08)
#define AIRCR             REG32(0xE000ED0C)
#define AIRCR_KEY         0x05FA0000u
#define AIRCR_SYSRESETREQ 0x00000004u
#define SCR               REG32(0xE000ED10)
#define SCR_SLEEPONEXIT   0x00000002u
#define SCR_SEVONPEND     0x00000010u
#define CCR               REG32(0xE000ED14)
#define CCR_USERSETMPEND  0x00000002u
#define CCR_UNALIGN_TRP   0x00000008u
#define CCR_DIV_0_TRP     0x00000010u
#define CCR_STKALIGN      0x00000200u
#define CCR_DC            0x00010000u
#define CCR_IC            0x00020000u
#define SHPR8(exception)  REG8(0xE000ED14 + (exception)) /* from 4 */
#define SHPR(n)           REG32(0xE000ED14 + 4 * (n))    /* 1..3 */
#define SHCSR             REG32(0xE000ED24)
#define SHCSR_BUSFAULTACT 0x00000002u
#define SHCSR_USGFAULTACT 0x00000008u
#define SHCSR_SVCALLACT   0x00000080u
#define SHCSR_MEMFAULTENA 0x00010000u
#define SHCSR_BUSFAULTENA 0x00020000u
#define SHCSR_USGFAULTENA 0x00040000u
#define CFSR              REG32(0xE000ED28)
#define HFSR              REG32(0xE000ED2C)
#define DFSR              REG32(0xE000ED30)
#define MMFAR             REG32(0xE000ED34)
#define BFAR              REG32(0xE000ED38)
#define MVFR0             REG32(0xE000EF40)
#define MVFR1             REG32(0xE000EF44)
#define CLIDR             REG32(0xE000ED78)
#define CPACR             REG32(0xE000ED88)
#define CPACR_FPU         0x00F00000u
#define MPU_TYPE          REG32(0xE000ED90)
#define MPU_CTRL          REG32(0xE000ED94)
#define MPU_RNR           REG32(0xE000ED98)
#define MPU_RBAR          REG32(0xE000ED9C)
#define MPU_RASR          REG32(0xE000EDA0)
#define DEMCR             REG32(0xE000EDFC)
#define DEMCR_TRCENA      0x01000000u
#define STIR              REG32(0xE000EF00)
#define FPCCR             REG32(0xE000EF34)
#define FPCCR_ASPEN       0x80000000u
#define FPCCR_LSPEN       0x40000000u
#define FPCCR_LSPACT      0x00000001u
#define FPDSCR            REG32(0xE000EF3C)
#define ICIALLU           REG32(0xE000EF50)

#define CFSR_IACCVIOL    0x00000001u
#define CFSR_IBUSERR     0x00000100u
#define CFSR_PRECISERR   0x00000200u
#define CFSR_IMPRECISERR 0x00000400u
#define CFSR_UNSTKERR    0x00000800u
#define CFSR_STKERR      0x00001000u
#define CFSR_BFARVALID   0x00008000u
#define CFSR_UNDEFINSTR  0x00010000u
#define CFSR_INVSTATE    0x00020000u
#define CFSR_INVPC       0x00040000u
#define CFSR_NOCP        0x00080000u
#define CFSR_UNALIGNED   0x01000000u
#define CFSR_DIVBYZERO   0x02000000u
#define HFSR_VECTTBL     0x00000002u
#define HFSR_FORCED      0x40000000u
#define HFSR_DEBUGEVT    0x80000000u

#define DWT_CTRL       REG32(0xE0001000)
#define DWT_CYCCNTENA  0x00000001u
#define DWT_CYCCNT     REG32(0xE0001004)
#define DWT_LAR        REG32(0xE0001FB0)
#define DWT_LAR_UNLOCK 0xC5ACCE55u

/* --- the chip ------------------------------------------------------------- */
#define DCDC_REG0             REG32(0x40080000)
#define DCDC_REG0_OK          0x80000000u
#define DCDC_REG3             REG32(0x4008000C) /* 25 mV, each */
#define PLL_ARM               REG32(0x400D8000)
#define PLL_AUDIO             REG32(0x400D8070)
#define PLL_AUDIO_SET         REG32(0x400D8074)
#define PLL_AUDIO_CLR         REG32(0x400D8078)
#define PLL_POWER_DOWN        0x00001000u
#define PLL_LOCK              0x80000000u
#define CCM_CACRR             REG32(0x400FC010)
#define CCM_CBCDR             REG32(0x400FC014)
#define CBCDR_AHB_PODF_LOW    0x00000400u
#define CBCDR_SEMC_PODF_LOW   0x00010000u
#define CBCDR_PERIPH_CLK2     0x02000000u
#define CCM_CBCMR             REG32(0x400FC018)
#define CBCMR_PERIPH_CLK2     0x00003000u
#define CBCMR_PERIPH_CLK2_OSC 0x00001000u
#define CCM_CDHIPR            REG32(0x400FC048)
#define CDHIPR_SEMC_PODF      0x00000001u
#define CDHIPR_AHB_PODF       0x00000002u
#define CDHIPR_PERIPH_CLK     0x00000020u
#define CDHIPR_ARM_PODF       0x00010000u

#define CCM_CSCDR1           REG32(0x400FC024)
#define CCM_CSCDR1_UART_OSC  0x00000040u /* 24 MHz, no divider */
#define CCM_CCGR5            REG32(0x400FC07C)
#define CCM_CCGR5_LPUART1    0x03000000u
#define MUX_GPIO_AD_B0_12    REG32(0x401F80EC)
#define MUX_GPIO_AD_B0_13    REG32(0x401F80F0)
#define MUX_ALT2             2u
#define LPUART1_BAUD         REG32(0x40184010)
#define LPUART1_STAT         REG32(0x40184014)
#define LPUART1_CTRL         REG32(0x40184018)
#define LPUART1_DATA         REG32(0x4018401C)
#define LPUART_STAT_TDRE     0x00800000u
#define LPUART_STAT_TC       0x00400000u
#define LPUART_STAT_RDRF     0x00200000u
#define LPUART_CTRL_TE_RE    0x000C0000u
#define SRC_SRSR             REG32(0x400F8008)
#define SRC_SRSR_IPP_RESET_B 0x00000001u
#define SRC_SRSR_SYSRESETREQ 0x00000002u
#define SRC_GPR(n)           REG32(0x400F8020 + 4 * ((n)-1)) /* 1..10 */
#define SNVS_GPR0            REG32(0x400A4000)           /* IOMUXC_SNVS_GPR */
#define SNVS_LPGPR(n)        REG32(0x400D4100 + 4 * (n)) /* 0..3 */
#define GPR30_REMAP_START    REG32(0x400AC078)
#define GPR31_REMAP_END      REG32(0x400AC07C)
#define GPR32_REMAP_OFFSET   REG32(0x400AC080)

#define FLEXSPI_MCR0         REG32(0x402A8000)
#define FLEXSPI_MCR0_SWRESET 0x00000001u
#define FLEXSPI_MCR0_MDIS    0x00000002u
#define FLEXSPI_INTR         REG32(0x402A8014)
#define FLEXSPI_INTR_DONE    0x00000001u
#define FLEXSPI_INTR_ERRORS  0x0000000Au
#define FLEXSPI_INTR_RX      0x00000020u
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
#define FLEXSPI_FIFO_CLEAR   1u
#define FLEXSPI_STS0         REG32(0x402A80E0)
#define FLEXSPI_STS0_IDLE    3u
#define FLEXSPI_RFDR(n)      REG32(0x402A8100 + 4 * (n))
#define FLEXSPI_TFDR(n)      REG32(0x402A8180 + 4 * (n))
#define FLEXSPI_LUT(n)       REG32(0x402A8200 + 4 * (n))

#endif
