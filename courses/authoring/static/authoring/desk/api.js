/* The ways to the server. Everything is told as whose it is, so that nobody saves in another's name. */

const PATIENCE = 20_000;
const person = document.querySelector('meta[name="person"]')?.content ?? "";

/** The server was not reached, or said that it can't just now. `kind`: offline, busy or signed_out. */
export class NotReachedError extends Error {
  constructor(kind, pause = 0) {
    super(kind);
    this.kind = kind;
    this.pause = pause;
  }
}

/** Return the present CSRF token; it changes when somebody signs in again in another window. */
export function csrf() {
  const found = document.cookie.match(/(?:^|; )(?:__Host-)?csrf=([^;]*)/);
  return found ? decodeURIComponent(found[1]) : "";
}

const isSignIn = (response) => response.redirected && new URL(response.url).pathname.startsWith("/accounts/");

/** Return {ok, status, body} of what the server answered. Throws NotReachedError where trying again helps. */
export async function send(method, url, content, { keepalive = false, patience = PATIENCE } = {}) {
  const isForm = content instanceof FormData;
  const headers = { Accept: "application/json", "X-CSRFToken": csrf(), ...(person && { "X-Person": person }) };
  if (content && !isForm) headers["Content-Type"] = "application/json";
  let response;
  let body;
  try {
    const signal = keepalive ? undefined : AbortSignal.timeout(patience);
    const sent = isForm || !content ? content : JSON.stringify(content);
    response = await fetch(url, { method, headers, body: sent, keepalive, signal });
    body = response.headers.get("Content-Type")?.includes("json") ? await response.json() : {};
  } catch {
    throw new NotReachedError("offline");
  }
  const { status } = response;
  if ([401, 403].includes(status) || isSignIn(response)) throw new NotReachedError("signed_out");
  if (status >= 500 || [408, 429].includes(status)) {
    throw new NotReachedError("busy", Number(response.headers.get("Retry-After")) * 1000 || 0);
  }
  return { ok: response.ok, status, body };
}

const withQuery = (url, query) => {
  const address = new URL(url, location.href);
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  return address;
};

/** What blocks are given to talk to the server: `get(url, query)`, `post(url, content)`, `put`, `remove`, `csrf()`. */
export const api = {
  csrf,
  send,
  get: (url, query = {}) => send("GET", withQuery(url, query)),
  post: (url, content) => send("POST", url, content, { patience: 120_000 }),
  put: (url, content) => send("PUT", url, content),
  remove: (url) => send("DELETE", url),
};
