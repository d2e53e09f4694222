// The hostile page's worker, which is tried as a plain one and as a service worker.
onmessage = async ({ data: { to, words }, ports: [port] }) => {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const answer = await fetch(to, { method: 'POST', headers, body: words }).then((response) => response.text(), () => '');
  port.postMessage(answer);
};
