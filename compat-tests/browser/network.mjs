// The network between the browsers and topiq: an HTTP proxy at which every address is topiq's, except for those of pages.
//
// So a page's request to `http://topiq:4566` or `http://192.168.77.7:4566` goes out as it would in a network that has
// these, headers and all, and the proxy sees which requests a browser does send.

import { readFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";

import { OWN_PAGE, PAGE, REBOUND } from "./table.mjs";

const FILES = {
    "/page": ["text/html", "<!doctype html><title>page</title><body><script src=/page.js></script>"],
    "/page.js": ["text/javascript", readFileSync(new URL("page.js", import.meta.url))],
    "/worker.js": ["text/javascript", readFileSync(new URL("worker.js", import.meta.url))],
    "/favicon.ico": ["image/x-icon", ""],
};

/** Starts the proxy; `sent(method, text)` is told of each request to topiq, with its URL and body as text. */
export async function startNetwork(topiq, sent) {
    const { hostname, port } = new URL(topiq);

    const proxy = http.createServer(async (request, response) => {
        const url = new URL(request.url);
        const isPage = [PAGE, OWN_PAGE].includes(url.host) || (url.host === REBOUND && FILES[url.pathname]);
        if (isPage) {
            return servePage(url, response);
        }
        const chunks = [];
        for await (const chunk of request) {
            chunks.push(chunk);
        }
        const body = Buffer.concat(chunks);
        const forwarded = http.request({
            hostname,
            port,
            method: request.method,
            path: url.pathname + url.search,
            headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => name !== "proxy-connection")),
        });
        forwarded.on("response", (answer) => {
            sent(request.method, `${url} ${body}`, answer.statusCode);
            response.writeHead(answer.statusCode, answer.headers);
            answer.pipe(response);
        });
        forwarded.on("error", () => response.destroy());
        forwarded.end(body);
    });
    // WebSockets come through a tunnel.
    proxy.on("connect", (request, socket, head) => {
        const tunnel = net.connect(Number(port), hostname, () => {
            socket.write("HTTP/1.1 200 OK\r\n\r\n");
            tunnel.write(head);
            socket.pipe(tunnel).pipe(socket);
        });
        socket.on("data", (bytes) => sent("TUNNEL", String(bytes), 0));
        tunnel.on("error", () => socket.destroy());
        socket.on("error", () => tunnel.destroy());
    });
    await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    return proxy;
}

function servePage(url, response) {
    if (url.pathname === "/redirect") {
        response.writeHead(302, { location: url.searchParams.get("to") }).end();
        return;
    }
    const [type, content] = FILES[url.pathname] ?? ["text/plain", ""];
    response.writeHead(FILES[url.pathname] ? 200 : 404, { "content-type": type }).end(content);
}
