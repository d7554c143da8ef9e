/* claims.h - every claim about the core and the board's flash, one line each:
 * the firmware implements them, test/emu/test_conformance.c expects them.
 *
 * A name is the function that proves it, in t_<subject>.c. A claim that begins
 * with not_modelled_ states a documented limit: it passes while the board does
 * not do what silicon does.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_EMU_CLAIMS_H
#define TERN_TEST_EMU_CLAIMS_H

#define EXCEPTION_CLAIMS(X)                                                    \
    X(svc_is_taken_at_once)                                                    \
    X(svc_in_an_it_block_keeps_its_state)                                      \
    X(handler_starts_outside_of_the_it_block)                                  \
    X(svc_whose_condition_fails_is_not_taken)                                  \
    X(handler_answers_in_the_stacked_registers)                                \
    X(registers_and_flags_survive_an_interrupt)                                \
    X(frame_holds_the_registers_in_order)                                      \
    X(entry_aligns_the_stack_to_eight)                                         \
    X(entry_leaves_an_aligned_stack_alone)                                     \
    X(irq_of_higher_priority_preempts)                                         \
    X(irq_of_equal_priority_waits)                                             \
    X(irq_of_lower_priority_waits)                                             \
    X(four_levels_nest)                                                        \
    X(tail_chained_handlers_share_one_frame)                                   \
    X(two_pended_by_one_store_come_highest_first)                              \
    X(prigroup_splits_off_the_subpriority)                                     \
    X(subpriority_orders_what_pends)                                           \
    X(prigroup_seven_ends_preemption)                                          \
    X(disabled_irq_pends_until_enabled)                                        \
    X(pendsv_waits_for_higher_ones)                                            \
    X(pended_pendsv_can_be_taken_back)                                         \
    X(pended_systick_is_taken)                                                 \
    X(icsr_names_the_active_and_the_pending)                                   \
    X(icsr_tells_a_nested_handler)                                             \
    X(vector_table_follows_vtor)

#define MASK_CLAIMS(X)                                                         \
    X(primask_holds_back_every_irq)                                            \
    X(basepri_holds_back_its_priority_and_below)                               \
    X(basepri_lets_higher_priorities_pass)                                     \
    X(basepri_zero_masks_nothing)                                              \
    X(basepri_low_bits_mask_nothing)                                           \
    X(basepri_max_only_raises)                                                 \
    X(faultmask_holds_back_all_but_nmi)                                        \
    X(faultmask_is_cleared_by_exception_return)                                \
    X(primask_set_in_a_handler_stays_set)                                      \
    X(nmi_ignores_primask)                                                     \
    X(pended_while_masked_come_by_priority_then_number)                        \
    X(unpended_while_masked_never_comes)                                       \
    X(basepri_lowered_in_steps_lets_out_one_by_one)                            \
    X(cpsie_and_isb_let_it_in_at_once)                                         \
    X(one_isb_is_window_enough)                                                \
    X(msr_primask_and_isb_let_it_in_at_once)                                   \
    X(cpsie_f_and_isb_let_it_in_at_once)                                       \
    X(msr_basepri_and_isb_let_it_in_at_once)                                   \
    X(basepri_and_primask_mask_together)

#define THREAD_CLAIMS(X)                                                       \
    X(thread_on_msp_returns_to_msp)                                            \
    X(thread_on_psp_is_stacked_there)                                          \
    X(handler_runs_on_msp)                                                     \
    X(both_stack_pointers_are_kept)                                            \
    X(handler_can_start_a_thread_on_psp)                                       \
    X(unprivileged_thread_cannot_change_masks)                                 \
    X(unprivileged_thread_reads_masks_as_zero)                                 \
    X(unprivileged_access_to_the_scs_is_a_busfault)                            \
    X(not_modelled_scs_fault_at_its_instruction)                               \
    X(unprivileged_thread_may_use_stir_if_allowed)                             \
    X(handler_of_an_unprivileged_thread_is_privileged)

#define INTEGER_CLAIMS(X)                                                      \
    X(uadd8_adds_bytes_and_sets_ge)                                            \
    X(sel_chooses_bytes_by_ge)                                                 \
    X(smlad_multiplies_pairs)                                                  \
    X(usad8_adds_differences)                                                  \
    X(saturation_sets_q_until_it_is_cleared)                                   \
    X(division_rounds_towards_zero)                                            \
    X(long_multiplication_has_64_bits)                                         \
    X(bits_are_counted_and_reversed)                                           \
    X(table_branch_goes_where_the_table_says)

#define FPU_CLAIMS(X)                                                          \
    X(single_precision_arithmetic)                                             \
    X(double_precision_arithmetic)                                             \
    X(fused_multiply_add_rounds_once)                                          \
    X(fpv5_rounds_to_integral_ties_away)                                       \
    X(fpv5_maxnm_prefers_the_number)                                           \
    X(fpv5_selects_by_flag)                                                    \
    X(division_by_zero_sets_its_flag)                                          \
    X(inexact_and_invalid_set_their_flags)                                     \
    X(rounding_mode_is_obeyed)                                                 \
    X(flush_to_zero_is_obeyed)                                                 \
    X(fp_use_gives_an_extended_frame)                                          \
    X(extended_frame_holds_s0_to_s15_and_fpscr)                                \
    X(no_fp_use_gives_a_basic_frame)                                           \
    X(without_aspen_the_frame_is_basic)                                        \
    X(fp_use_sets_fpca)                                                        \
    X(handler_begins_without_fpca)                                             \
    X(return_brings_fpca_back)                                                 \
    X(fp_state_survives_a_handler_that_uses_it)                                \
    X(fp_using_handler_leaves_a_basic_thread_basic)

#define SWITCH_CLAIMS(X)                                                       \
    X(tasks_keep_their_registers_over_20000_switches)                          \
    X(tasks_that_only_give_way_keep_their_registers)

#define FAULT_CLAIMS(X)                                                        \
    X(undefined_instruction_is_a_usagefault)                                   \
    X(undefined_wide_instruction_is_a_usagefault)                              \
    X(branch_to_an_even_address_is_invstate)                                   \
    X(wrong_exc_return_is_invpc)                                               \
    X(fp_instruction_without_the_coprocessor_is_nocp)                          \
    X(division_by_zero_traps_if_asked)                                         \
    X(division_by_zero_is_zero_if_not_asked)                                   \
    X(unaligned_exclusive_access_is_a_usagefault)                              \
    X(read_of_a_hole_is_precise)                                               \
    X(read_fault_inside_a_block_names_its_instruction)                         \
    X(read_beyond_each_ram_is_a_busfault)                                      \
    X(write_to_a_hole_is_imprecise)                                            \
    X(write_to_flash_is_imprecise_and_changes_nothing)                         \
    X(imprecise_fault_comes_after_its_instruction)                             \
    X(imprecise_fault_waits_for_its_priority)                                  \
    X(fetch_from_a_hole_is_ibuserr)                                            \
    X(fetch_from_a_device_is_iaccviol)                                         \
    X(stacking_into_a_hole_is_stkerr)                                          \
    X(unstacking_from_a_hole_is_unstkerr)                                      \
    X(disabled_busfault_becomes_a_forced_hardfault)                            \
    X(disabled_usagefault_becomes_a_forced_hardfault)                          \
    X(fault_of_too_low_priority_becomes_a_forced_hardfault)                    \
    X(svc_while_masked_becomes_a_forced_hardfault)                             \
    X(bkpt_without_a_debugger_is_a_hardfault)                                  \
    X(unreadable_vector_is_a_vecttbl_hardfault)                                \
    X(fault_in_a_handler_is_stacked_above_it)                                  \
    X(shcsr_tells_which_fault_is_active)                                       \
    X(cfsr_bits_stay_until_a_one_is_written)                                   \
    X(faults_leave_the_thread_able_to_go_on)

#define SYSTICK_CLAIMS(X)                                                      \
    X(systick_counts_down_from_its_reload_value)                               \
    X(systick_wraps_and_goes_on)                                               \
    X(countflag_tells_a_wrap_once)                                             \
    X(write_clears_the_counter_and_countflag)                                  \
    X(disabled_systick_stands_still)                                           \
    X(without_tickint_nothing_pends)                                           \
    X(tickint_interrupts_each_period)                                          \
    X(masked_tick_pends_once)                                                  \
    X(pending_tick_can_be_taken_back)                                          \
    X(reload_has_24_bits)

#define NVIC_CLAIMS(X)                                                         \
    X(priorities_have_four_bits)                                               \
    X(priorities_can_be_written_by_byte)                                       \
    X(system_priorities_have_four_bits)                                        \
    X(enable_bits_are_set_and_cleared)                                         \
    X(pending_bits_are_set_and_cleared)                                        \
    X(active_bit_is_set_in_its_handler)                                        \
    X(stir_pends_the_line_it_names)                                            \
    X(there_are_160_lines)                                                     \
    X(every_line_reaches_its_own_vector)                                       \
    X(aircr_needs_its_key)                                                     \
    X(cpuid_is_that_of_a_cortex_m7)                                            \
    X(feature_registers_tell_of_fpv5_double)                                   \
    X(ccr_starts_with_an_aligned_stack)                                        \
    X(caches_answer_their_registers)

#define MEMORY_CLAIMS(X)                                                       \
    X(code_runs_from_itcm)                                                     \
    X(code_runs_from_dtcm_and_ocram)                                           \
    X(rewritten_code_runs_as_rewritten)                                        \
    X(code_written_by_byte_runs_as_written)                                    \
    X(code_that_rewrites_what_follows_runs_it)                                 \
    X(every_ram_keeps_what_is_written)                                         \
    X(power_on_ram_is_noise)                                                   \
    X(unaligned_words_and_halfwords_are_read_and_written)                      \
    X(store_after_load_exclusive_succeeds)                                     \
    X(store_without_load_exclusive_is_refused)                                 \
    X(clrex_ends_the_claim)                                                    \
    X(bytes_and_halfwords_have_exclusives)                                     \
    X(exclusive_counter_loses_no_interrupts_count)

#define SLEEP_CLAIMS(X)                                                        \
    X(wfi_sleeps_until_an_interrupt)                                           \
    X(wfi_with_primask_wakes_and_handles_later)                                \
    X(wfi_with_something_pending_does_not_sleep)                               \
    X(wfi_again_and_again_sees_every_tick)                                     \
    X(wfe_after_sev_does_not_sleep)                                            \
    X(wfe_uses_up_the_event)                                                   \
    X(wfe_sees_the_return_from_a_handler)                                      \
    X(sevonpend_wakes_wfe_for_a_disabled_line)                                 \
    X(sleeponexit_sleeps_after_each_handler)                                   \
    X(yield_and_hints_do_nothing)

#define DWT_CLAIMS(X)                                                          \
    X(cyccnt_counts_while_enabled)                                             \
    X(cyccnt_stands_still_while_disabled)                                      \
    X(cyccnt_can_be_written)                                                   \
    X(cyccnt_and_systick_count_the_same_cycles)

#define FLASH_CLAIMS(X)                                                        \
    X(chip_tells_its_capacity)                                                 \
    X(erase_sets_a_whole_sector_to_ones)                                       \
    X(program_is_seen_by_both_sides)                                           \
    X(program_only_clears_bits)                                                \
    X(program_wraps_inside_its_page)                                           \
    X(erase_needs_write_enable)                                                \
    X(write_enable_is_used_up)                                                 \
    X(erase_takes_its_time)                                                    \
    X(read_while_busy_is_wrong_and_right_afterwards)                           \
    X(code_in_rewritten_flash_runs_as_rewritten)

#define REMAP_CLAIMS(X)                                                        \
    X(remapped_reads_show_the_other_slot)                                      \
    X(remapped_fetches_run_the_other_slot)                                     \
    X(remap_on_and_off_never_runs_stale_code)                                  \
    X(remap_is_made_of_4_kib_pages)                                            \
    X(remap_begins_at_its_start)                                               \
    X(remap_registers_read_back_whole_pages)                                   \
    X(commands_reach_the_physical_flash)                                       \
    X(erase_under_the_window_spares_what_is_seen)                              \
    X(rewritten_flash_is_seen_through_the_window)

#define RESET_CLAIMS(X)                                                        \
    X(system_reset_is_told_by_srsr)                                            \
    X(srsr_gathers_until_ones_are_written)                                     \
    X(general_purpose_registers_outlive_a_reset)                               \
    X(all_ram_outlives_a_reset)                                                \
    X(core_starts_anew_after_a_reset)                                          \
    X(system_reset_works_from_a_handler)                                       \
    X(remap_is_off_after_a_reset)                                              \
    X(fpu_is_off_after_a_reset_until_enabled)

#define CLOCK_CLAIMS(X)                                                        \
    X(pll_locks_a_while_after_power_up)                                        \
    X(pll_locks_anew_at_another_divider)                                       \
    X(clock_switch_is_busy_for_a_while)                                        \
    X(clock_dividers_are_busy_for_a_while)                                     \
    X(voltage_takes_a_while_to_settle)                                         \
    X(not_modelled_speed_of_the_core)

#define NOT_MODELLED_CLAIMS(X)                                                 \
    X(not_modelled_mpu_enforcement)                                            \
    X(mpu_registers_are_storage)                                               \
    X(not_modelled_caches)                                                     \
    X(not_modelled_unaligned_ldrd_fault)                                       \
    X(not_modelled_unaligned_ldm_fault)                                        \
    X(not_modelled_unalign_trp)                                                \
    X(not_modelled_exception_clears_the_exclusive_monitor)                     \
    X(not_modelled_lazy_stacking)                                              \
    X(not_modelled_basepri_low_bits_read_zero)                                 \
    X(not_modelled_fpdscr)                                                     \
    X(not_modelled_bus_timing)                                                 \
    X(not_modelled_rom_api)

#define DRIVER_CLAIMS(X)                                                       \
    X(each_pll_locks_as_it_is_started)                                         \
    X(pll_that_is_down_is_not_locked)                                          \
    X(divider_handshake_comes_to_its_end)                                      \
    X(crystal_tells_that_it_runs)                                              \
    X(core_voltage_settles_after_a_change)                                     \
    X(lpuart_can_be_reset_and_drains)                                          \
    X(gpt_reset_ends_and_its_counter_runs)                                     \
    X(rtwdog_unlocks_and_takes_its_settings)                                   \
    X(trng_stops_starts_and_gives_entropy)                                     \
    X(ocotp_reload_of_the_shadows_ends)                                        \
    X(snvs_real_time_counters_start_and_stop)                                  \
    X(dcp_comes_out_of_its_reset)                                              \
    X(usdhc_reset_ends_and_its_clock_is_stable)                                \
    X(enet_reset_ends)                                                         \
    X(phy_answers_resets_and_negotiates)

/* Those of RESET_CLAIMS have two halves, see harness.h. */
#define ALL_CLAIMS(X)                                                          \
    EXCEPTION_CLAIMS(X)                                                        \
    MASK_CLAIMS(X)                                                             \
    THREAD_CLAIMS(X)                                                           \
    INTEGER_CLAIMS(X)                                                          \
    FPU_CLAIMS(X)                                                              \
    SWITCH_CLAIMS(X)                                                           \
    FAULT_CLAIMS(X)                                                            \
    SYSTICK_CLAIMS(X)                                                          \
    NVIC_CLAIMS(X)                                                             \
    MEMORY_CLAIMS(X)                                                           \
    SLEEP_CLAIMS(X)                                                            \
    DWT_CLAIMS(X)                                                              \
    FLASH_CLAIMS(X)                                                            \
    REMAP_CLAIMS(X)                                                            \
    RESET_CLAIMS(X)                                                            \
    CLOCK_CLAIMS(X)                                                            \
    DRIVER_CLAIMS(X)                                                           \
    NOT_MODELLED_CLAIMS(X)

#endif
