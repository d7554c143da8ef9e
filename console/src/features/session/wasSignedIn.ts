// wasSignedIn.ts - whether somebody was signed in here when the browser was last
// used: a guess at what the server will say, so that the console need not wait
// for it before it is loaded. The session itself is a cookie that no script sees.
//
// SPDX-License-Identifier: MIT
const KEY = "tern.signed-in";

export function wasSignedIn(): boolean {
  try {
    return localStorage.getItem(KEY) === "yes";
  } catch {
    return false; // a browser that forbids storage
  }
}

export function noteSignedIn(is: boolean): void {
  try {
    if (is) localStorage.setItem(KEY, "yes");
    else localStorage.removeItem(KEY);
  } catch {
    // then it is loaded a moment later
  }
}
