// What the page does, in the browser: each of `means` makes it send one request, as a page's author would.
//
// A GET's URL has the call in it; a POST gets URL and form apart.

const worker = () => (window.theWorker ??= new Worker("/worker.js"));

function element(name, attributes) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
        made.setAttribute(key, value);
    }
    document.body.append(made);
    return made;
}

function style(text) {
    element("style", {}).textContent = text;
}

function frame(attributes) {
    return element("iframe", { ...attributes, width: 10, height: 10 });
}

function form(method, url, fields, more = {}) {
    const name = `frame${Math.random()}`;
    frame({ name });
    const made = element("form", { method, action: url, target: name, ...more });
    for (const [key, value] of fields) {
        const input = document.createElement("input");
        Object.assign(input, { name: key, value });
        made.append(input);
    }
    made.submit();
}

const formText = (url, call, more = "") =>
    `<form method=post action="${url.replaceAll("&", "&amp;")}" ${more}>` +
    [...new URLSearchParams(call)].map(([name, value]) => `<input name="${name}" value="${value}">`).join("") +
    `</form><script>document.forms[0].submit()</script>`;

const redirect = (url) => `/redirect?to=${encodeURIComponent(url)}`;
const quiet = (promise) => promise.then(async (answer) => ({ text: await answer.text() }), () => ({}));

window.means = {
    img: (url) => element("img", { src: url }),
    imgNoReferrer: (url) => element("img", { src: url, referrerpolicy: "no-referrer" }),
    imgSrcset: (url) => element("img", { srcset: `${url} 1x` }),
    imgRedirect: (url) => element("img", { src: redirect(url) }),
    svgImage: (url) => {
        const holder = element("div", {});
        holder.innerHTML = `<svg width="9" height="9"><image href="${url.replaceAll("&", "&amp;")}" width="9" height="9"/></svg>`;
    },
    iframe: (url) => frame({ src: url }),
    iframeSandboxed: (url) => frame({ src: url, sandbox: "" }),
    iframeRedirect: (url) => frame({ src: redirect(url) }),
    iframeMetaRefresh: (url) =>
        frame({ srcdoc: `<meta http-equiv="refresh" content="0;url=${url.replaceAll("&", "&amp;")}">` }),
    script: (url) => element("script", { src: url }),
    moduleScript: (url) => element("script", { src: url, type: "module" }),
    stylesheet: (url) => element("link", { rel: "stylesheet", href: url }),
    cssBackground: (url) => {
        style(`#background { background-image: url("${url}") }`);
        element("p", { id: "background" }).textContent = "x";
    },
    cssImport: (url) => style(`@import url("${url}");`),
    font: (url) => {
        style(`@font-face { font-family: f; src: url("${url}") }`);
        element("p", { style: "font-family: f" }).textContent = "x";
    },
    videoPoster: (url) => element("video", { poster: url }),
    object: (url) => element("object", { data: url, type: "text/html" }),
    embed: (url) => element("embed", { src: url, type: "text/html" }),
    icon: (url) => element("link", { rel: "preload", as: "image", href: url }),
    preload: (url) => element("link", { rel: "preload", as: "fetch", href: url, crossorigin: "anonymous" }),
    formGet: (url) => form("get", url.split("?")[0], new URL(url).searchParams),
    fetchNoCors: (url) => quiet(fetch(url, { mode: "no-cors" })),
    fetchCors: (url) => quiet(fetch(url)),
    fetchHead: (url) => quiet(fetch(url, { method: "HEAD", mode: "no-cors", referrerPolicy: "no-referrer" })),
    workerFetch: (url) => worker().postMessage({ fetch: url, options: { mode: "no-cors" } }),
    workerImport: (url) => worker().postMessage({ load: url }),
    eventSource: (url) => new EventSource(url),
    dataFrame: (url) => frame({ src: `data:text/html,<img src="${encodeURIComponent(url)}">` }),

    formPost: (url, call) => form("post", url, new URLSearchParams(call)),
    formPostText: (url, call) => form("post", `${url}?${call}`, [], { enctype: "text/plain" }),
    formPostNoReferrer: (url, call) => frame({ srcdoc: `<meta name=referrer content=no-referrer>${formText(url, call)}` }),
    formPostSandboxed: (url, call) => frame({ sandbox: "allow-scripts allow-forms", srcdoc: formText(url, call) }),
    formPostSrcdoc: (url, call) => frame({ srcdoc: formText(url, call) }),
    dataFramePost: (url, call) => frame({ src: `data:text/html,${encodeURIComponent(formText(url, call))}` }),
    fetchPost: (url, call) =>
        quiet(fetch(url, { method: "POST", mode: "no-cors", body: new URLSearchParams(call), referrerPolicy: "no-referrer" })),
    fetchPostCors: (url, call) => quiet(fetch(url, { method: "POST", body: new URLSearchParams(call) })),
    workerPost: (url, call) =>
        worker().postMessage({
            fetch: url,
            options: {
                method: "POST",
                mode: "no-cors",
                body: call,
                headers: { "Content-Type": "application/x-www-form-urlencoded" },
            },
        }),
    sendBeacon: (url, call) => navigator.sendBeacon(url, new URLSearchParams(call)),
    ping: (url, call) => {
        const link = element("a", { href: "#here", ping: `${url}?${call}` });
        link.textContent = "x";
        link.click();
    },

    webSocket: (url, call) => new WebSocket(`${url.replace("http:", "ws:")}?${call}`),
    fetchTarget: (url, call) =>
        quiet(
            fetch(url, {
                method: "POST",
                headers: { "X-Amz-Target": "AmazonSQS.CreateQueue", "Content-Type": "application/x-amz-json-1.0" },
                body: JSON.stringify({ QueueName: new URLSearchParams(call).get("QueueName") }),
            }),
        ),
    fetchDelete: (url, call) => quiet(fetch(`${url}?${call}`, { method: "DELETE" })),

    location: (url) => location.assign(url),
    link: (url) => element("a", { href: url, rel: "noreferrer" }).click(),
    popup: (url) => window.open(url),
    redirect: (url) => location.assign(redirect(url)),
};
