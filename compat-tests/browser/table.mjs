// The table: from which page, to which addresses, by which means.

/** Where browsers may reach topiq. They trust only the first three, and say nothing of the page to the others. */
export const ADDRESSES = [
    "localhost:4566",
    "127.0.0.1:4566",
    "[::1]:4566",
    "192.168.77.7:4566", // of a network
    "topiq:4566", // of a compose file, or a machine
    "host.docker.internal:4566",
    "shop.test:4566",
    "nas.home.arpa:4566",
    "sqs.us-east-1.amazonaws.com", // an alias, on the port of HTTP
];

/** The page's own address, as its reader knows it. */
export const PAGE = "evil.example";

/** A page whose name has come to resolve to topiq: every address of it is topiq's but for the page itself. */
export const REBOUND = "rebound.example:4566";

/** A page that topiq accepts. */
export const OWN_PAGE = "localhost:3000";

/** Means that end in a GET, which page.js has by these names. */
export const GETS = [
    "img",
    "imgNoReferrer",
    "imgSrcset",
    "imgRedirect",
    "svgImage",
    "iframe",
    "iframeSandboxed",
    "iframeRedirect",
    "iframeMetaRefresh",
    "script",
    "moduleScript",
    "stylesheet",
    "cssBackground",
    "cssImport",
    "font",
    "videoPoster",
    "object",
    "embed",
    "icon",
    "preload",
    "formGet",
    "fetchNoCors",
    "fetchCors",
    "fetchHead",
    "workerFetch",
    "workerImport",
    "eventSource",
    "dataFrame",
];

/** Means that leave the page, each with a tab of its own. */
export const NAVIGATIONS = ["location", "link", "popup", "redirect", "typed"];

/** Means that end in a POST. */
export const POSTS = [
    "formPost",
    "formPostText",
    "formPostNoReferrer",
    "formPostSandboxed",
    "formPostSrcdoc",
    "dataFramePost",
    "fetchPost",
    "fetchPostCors",
    "workerPost",
    "sendBeacon",
    "ping",
];

/** Means that do not reach a handler of requests: refused by their handshake or their preflight. */
export const OTHERS = ["webSocket", "fetchTarget", "fetchDelete"];

/** What a URL says beside the call: nothing, or a signature that the page has made up. */
export const SIGNATURES = {
    plain: "",
    madeUp:
        "&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test%2F20260101%2Fus-east-1%2Fsqs%2Faws4_request" +
        "&X-Amz-Date=20260101T000000Z&X-Amz-SignedHeaders=host&X-Amz-Signature=0",
};
