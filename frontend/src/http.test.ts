/** What is made of a server's answer to an upload. */
import { afterEach, expect, test, vi } from 'vitest';
import { sendFile } from './http';

function answerWith(status: number, responseText: string): void {
  class Request {
    status = status;
    responseText = responseText;
    upload = {};
    onload = (): void => undefined;
    open(): void {}
    setRequestHeader(): void {}
    getResponseHeader(): string {
      return 'r-1';
    }
    send(): void {
      this.onload();
    }
  }
  vi.stubGlobal('XMLHttpRequest', Request);
}

const send = (): Promise<unknown> =>
  sendFile('/api/file', new File(['a'], 'a.txt'), () => undefined, new AbortController().signal);

afterEach(() => vi.unstubAllGlobals());

test('a stored file is told as the server tells it', async () => {
  answerWith(200, '{"name": "a 1.txt"}');
  await expect(send()).resolves.toEqual({ name: 'a 1.txt' });
});

test('a page that a proxy sends in place of the answer is no stored file', async () => {
  answerWith(200, '<html>Sign in to the network</html>');
  await expect(send()).rejects.toMatchObject({ status: 200, code: 'unexpected', requestId: 'r-1' });
});

test('a refused upload tells the code of the server', async () => {
  answerWith(411, '{"error": {"code": "lengthRequired", "message": "An upload says how long it is."}}');
  await expect(send()).rejects.toMatchObject({ status: 411, code: 'lengthRequired' });
});
