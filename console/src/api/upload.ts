// upload.ts - send a file and tell how much of it has left. XMLHttpRequest,
// because fetch() tells nothing before the whole body is sent.
//
// SPDX-License-Identifier: MIT
import { CONSOLE_HEADER } from "./client.ts";
import { refusalOf } from "./refusal.ts";
import { renewal } from "./renewal.ts";

export interface Upload<T> {
  done: Promise<T>;
  cancel: () => void;
}

function sendOnce(
  request: XMLHttpRequest,
  url: string,
  file: File,
  onSent: (share: number) => void,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    request.open("POST", url);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    for (const [name, value] of Object.entries(CONSOLE_HEADER))
      request.setRequestHeader(name, value);
    request.upload.onprogress = (e) => onSent(e.total ? e.loaded / e.total : 0);
    request.onload = () =>
      resolve({ status: request.status, text: request.responseText });
    request.onerror = () => reject(refusalOf(0, undefined));
    request.onabort = () =>
      reject(new DOMException("canceled by the person", "AbortError"));
    request.send(file);
  });
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not the server's: a proxy's page
  }
}

export function upload<T>(
  url: string,
  file: File,
  onSent: (share: number) => void,
): Upload<T> {
  const request = new XMLHttpRequest();
  const run = async (): Promise<T> => {
    let answer = await sendOnce(request, url, file, onSent);
    if (answer.status === 401 && (await renewal.ask()))
      answer = await sendOnce(request, url, file, onSent);
    const body = decoded(answer.text);
    if (answer.status !== 201) throw refusalOf(answer.status, body);
    return body as T;
  };
  return { done: run(), cancel: () => request.abort() };
}
