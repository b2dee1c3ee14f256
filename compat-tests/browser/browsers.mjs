// The browsers: how each is started, with the proxy for every address, this machine's own included.

import puppeteer from "puppeteer-core";

export const BROWSERS = {
    chromium: (proxy) =>
        puppeteer.launch({
            browser: "chrome",
            executablePath: process.env.CHROMIUM,
            args: [
                "--no-sandbox",
                "--disable-dev-shm-usage",
                `--proxy-server=http://127.0.0.1:${proxy}`,
                "--proxy-bypass-list=<-loopback>",
                "--disable-popup-blocking",
                // The rules must hold in browsers that do not have these protections yet, too.
                "--disable-features=LocalNetworkAccessChecks,HttpsUpgrades,HttpsFirstBalancedMode",
            ],
        }),
    firefox: (proxy) =>
        puppeteer.launch({
            browser: "firefox",
            executablePath: process.env.FIREFOX,
            extraPrefsFirefox: {
                "network.proxy.type": 1,
                "network.proxy.http": "127.0.0.1",
                "network.proxy.http_port": proxy,
                "network.proxy.ssl": "127.0.0.1",
                "network.proxy.ssl_port": proxy,
                "network.proxy.allow_hijacking_localhost": true,
                "network.proxy.no_proxies_on": "",
                "network.proxy.failover_direct": false,
                "dom.disable_open_during_load": false,
                "dom.security.https_first": false,
                "browser.send_pings": true,
            },
        }),
};
