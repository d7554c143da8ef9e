// renewal.ts - a request that meets an ended session waits for a new one and is
// then sent again, so a form never learns of it and keeps what was typed.
// The dialog that asks is features/session/SignInAgain.tsx.
// Tests: test/console/renewal.test.mjs, test/console/session.test.mjs
//
// SPDX-License-Identifier: MIT

export class Renewal {
  private waiting: Promise<boolean> | undefined;
  private answer: ((renewed: boolean) => void) | undefined;
  private listener: (asking: boolean) => void = () => undefined;
  private armed = false;

  /** Only a session that was there can end: before it, 401 means "sign in". */
  arm(armed: boolean): void {
    this.armed = armed;
    if (!armed) this.settle(false);
  }

  onAsk(listener: (asking: boolean) => void): void {
    this.listener = listener;
  }

  /** True: there is a session again, send it once more. */
  ask(): Promise<boolean> {
    if (!this.armed) return Promise.resolve(false);
    if (!this.waiting) {
      this.waiting = new Promise((resolve) => (this.answer = resolve));
      this.listener(true);
    }
    return this.waiting;
  }

  /** The person signed in again (true) or gave up (false). */
  settle(renewed: boolean): void {
    const answer = this.answer;
    this.waiting = undefined;
    this.answer = undefined;
    if (!answer) return;
    this.listener(false);
    answer(renewed);
  }
}

export const renewal = new Renewal();
