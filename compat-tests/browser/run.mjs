// Plays the table (table.mjs) in each browser: a foreign page tries to create a queue or a topic by every means at every
// address. The requests must have been sent, and nothing may exist afterwards.

import { appendFileSync } from "node:fs";

import { BROWSERS } from "./browsers.mjs";
import { startNetwork } from "./network.mjs";
import { ADDRESSES, GETS, NAVIGATIONS, OTHERS, OWN_PAGE, PAGE, POSTS, REBOUND, SIGNATURES } from "./table.mjs";

/** How long a browser may take to send what it is told to, in milliseconds. */
const PATIENCE = 30_000;
/** How many addresses are attacked at once, each from a tab. */
const TABS = 3;
const endpoint = process.env.TOPIQ_ENDPOINT;

/** Calls topiq as an SDK does, and returns the body. */
async function call(parameters, service = "sqs") {
    const scope = `test/20260101/us-east-1/${service}/aws4_request`;
    const answer = await fetch(endpoint, {
        method: "POST",
        headers: { Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` },
        body: new URLSearchParams(parameters),
    });
    return answer.text();
}

/** The names of queues and topics that pages have made, of those that begin with `prefix`. They are then deleted. */
async function made(prefix) {
    const found = (text) =>
        [...text.matchAll(/[:/](browser-[\w-]+)/g)].map(([, name]) => name).filter((name) => name.startsWith(prefix));
    const queues = found(await call({ Action: "ListQueues", QueueNamePrefix: prefix }));
    const topics = found(await call({ Action: "ListTopics" }, "sns"));
    for (const name of queues) {
        await call({ Action: "DeleteQueue", QueueUrl: `${endpoint}/000000000000/${name}` });
    }
    for (const name of topics) {
        await call({ Action: "DeleteTopic", TopicArn: `arn:aws:sns:us-east-1:000000000000:${name}` }, "sns");
    }
    return [...new Set([...queues, ...topics])];
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function until(isDone) {
    const end = Date.now() + PATIENCE;
    while (!isDone() && Date.now() < end) {
        await pause(50);
    }
}

const labelOf = (address) => address.split(/\W+/).join("").slice(0, 16);

class Suite {
    passed = 0;
    failed = 0;
    /** What the browser has sent to topiq: `[method, URL and body, status]`. */
    sent = [];
    /** Ends when no tab is being opened or closed. */
    tabs = Promise.resolve();

    constructor(name) {
        this.name = name;
        this.prefix = `browser-${name}`;
    }

    check(what, problems) {
        if (problems.length === 0) {
            this.passed += 1;
        } else {
            this.failed += 1;
            console.log(`${this.name}: ${what}: ${problems.join("; ")}`);
        }
    }

    has(method, name) {
        return this.sent.some(([sentMethod, text]) => sentMethod === method && text.includes(name));
    }

    /** Opens or closes a tab when no other is being opened or closed: Firefox opens one beside another, which must
     * stay. */
    inTurn(change) {
        const turn = this.tabs.then(change);
        this.tabs = turn.catch(() => {});
        return turn;
    }

    newTab() {
        // That one may still be on its way out.
        return this.inTurn(() => this.browser.newPage().catch(() => this.browser.newPage()));
    }

    closeTab(page) {
        return this.inTurn(() => page.close());
    }

    async open(host) {
        const page = await this.newTab();
        await page.goto(`http://${host}/page`, { waitUntil: "load" });
        return page;
    }

    /** The calls of one address: the means, the method that they end in, the name of what they would make. */
    *calls(address) {
        const label = labelOf(address);
        for (const [variant, signature] of Object.entries(SIGNATURES)) {
            for (const means of [...GETS, ...NAVIGATIONS, ...POSTS, ...OTHERS]) {
                const name = `${this.prefix}-${label}-${means}-${variant}`;
                const action = means === "script" ? `Action=CreateTopic&Name=${name}` : `Action=CreateQueue&QueueName=${name}`;
                yield { means, name, form: action + signature };
            }
        }
    }

    /** What a page of another site can do at `address`. */
    async attack(address) {
        const base = `http://${address}/`;
        const calls = [...this.calls(address)];
        const page = await this.open(PAGE);
        const here = calls.filter(({ means }) => !NAVIGATIONS.includes(means));
        const urlOf = ({ means, form }) => (GETS.includes(means) ? `${base}?${form}` : base);
        const list = here.map((each) => [each.means, urlOf(each), each.form]);
        const run = (each) => {
            const play = async ([means, url, form]) => [means, (await window.means[means](url, form))?.text];
            return Promise.all(each.map((one) => play(one).catch((error) => [one[0], undefined, String(error)])));
        };
        const answers = await page.evaluate(run, list);
        await this.navigate(calls, base);

        const methodOf = ({ means }) => {
            if (means === "fetchHead") return "HEAD";
            if (OTHERS.includes(means)) return undefined;
            return POSTS.includes(means) ? "POST" : "GET";
        };
        const expected = calls.filter((each) => methodOf(each));
        await until(() => expected.every((each) => this.has(methodOf(each), each.name)));
        const unsent = expected.filter((each) => !this.has(methodOf(each), each.name));
        const created = await made(`${this.prefix}-${labelOf(address)}-`);
        await this.closeTab(page);
        this.check(
            `${address}: sent`,
            unsent.map(({ means, name }) => `${means} was not (${name})`),
        );
        this.check(
            `${address}: refused`,
            created.map((name) => `${name} was made`),
        );
        this.check(
            `${address}: unreadable`,
            answers.filter(([, text]) => text).map(([means, text]) => `${means} has read ${text}`),
        );
        const served = this.sent.filter(
            ([method, text, status]) => text.startsWith(base) && method !== "OPTIONS" && status >= 200 && status < 300,
        );
        this.check(
            `${address}: statuses`,
            served.map(([method, text, status]) => `${status} to ${method} ${text}`),
        );
    }

    async attackAll(addresses) {
        for (const address of addresses) {
            await this.attack(address);
        }
    }

    /** Every way to leave a page, each in a tab of its own. */
    async navigate(calls, base) {
        for (const { means, form, name } of calls.filter(({ means }) => NAVIGATIONS.includes(means))) {
            const page = await this.open(PAGE);
            const url = `${base}?${form}`;
            if (means === "typed") {
                await page.goto(url).catch(() => {});
            } else {
                await page.evaluate(([means, url]) => void window.means[means](url), [means, url]).catch(() => {});
            }
            await until(() => this.has("GET", name));
            await this.closeTab(page);
        }
    }

    /** DNS rebinding: the page's own name is topiq's, so that it may read answers and set any header. */
    async rebind() {
        const page = await this.open(REBOUND);
        const answers = await page.evaluate(async (prefix) => {
            const ask = async (url, options) => {
                const answer = await fetch(url, options);
                return `${answer.status} ${await answer.text()}`;
            };
            const headers = { "X-Amz-Target": "AmazonSQS.CreateQueue", Authorization: "AWS4-HMAC-SHA256 Credential=test" };
            return [
                await ask(`/?Action=CreateQueue&QueueName=${prefix}-rebound-get`, { headers }),
                await ask("/", { method: "POST", headers, body: JSON.stringify({ QueueName: `${prefix}-rebound-post` }) }),
                await ask("/", { method: "POST", body: new URLSearchParams(`Action=CreateQueue&QueueName=${prefix}-rebound-form`) }),
                await ask("/_topiq/sns/deliveries", {}),
                await ask("/_topiq/sns/deliveries", { method: "DELETE" }),
            ];
        }, this.prefix);
        await this.closeTab(page);
        const problems = answers.filter((answer) => !answer.startsWith("403 ") || !answer.includes("--allow-host"));
        this.check("a rebound name", [...problems, ...(await made(`${this.prefix}-rebound`))]);
    }

    /** A page of this machine may call. */
    async ownPage() {
        const page = await this.open(OWN_PAGE);
        const name = `${this.prefix}-own`;
        const answer = await page.evaluate(async (name) => {
            const answer = await fetch("http://localhost:4566/", {
                method: "POST",
                headers: { "X-Amz-Target": "AmazonSQS.CreateQueue", "Content-Type": "application/x-amz-json-1.0" },
                body: JSON.stringify({ QueueName: name }),
            });
            return `${answer.status} ${await answer.text()} ${answer.headers.get("x-amzn-requestid")}`;
        }, name);
        await this.closeTab(page);
        const isRight = answer.startsWith(`200 {"QueueUrl":"http://localhost:4566/000000000000/${name}"} `);
        const hasId = /[0-9a-f-]{36}$/.test(answer);
        const queues = await made(name);
        this.check("a page of this machine", isRight && hasId && queues.includes(name) ? [] : [answer]);
    }

    /** The links in a message work when somebody opens them. */
    async links() {
        const name = `${this.prefix}-links`;
        const arn = `arn:aws:sns:us-east-1:000000000000:${name}`;
        await call({ Action: "CreateTopic", Name: name }, "sns");
        const subscribed = await call(
            {
                Action: "Subscribe",
                TopicArn: arn,
                Protocol: "http",
                Endpoint: "http://127.0.0.1:9/",
                ReturnSubscriptionArn: "true",
            },
            "sns",
        );
        const subscription = subscribed.match(/<SubscriptionArn>(.*)<\/SubscriptionArn>/)[1];
        const shown = await fetch(`${endpoint}/_aws/sns/subscription-tokens/${subscription}`);
        const token = (await shown.json()).subscription_token;
        const page = await this.newTab();
        const problems = [];
        const open = async (query, expected) => {
            const answer = await page.goto(`http://topiq:4566/?${query}`);
            const text = await page.evaluate(() => document.documentElement.textContent);
            if (answer.status() !== 200 || !text.includes(expected)) {
                problems.push(`${query}: ${answer.status()} ${text}`);
            }
        };
        await open(`Action=ConfirmSubscription&TopicArn=${arn}&Token=${token}`, subscription);
        await open(`Action=Unsubscribe&SubscriptionArn=${subscription}`, "");
        const left = await call({ Action: "ListSubscriptionsByTopic", TopicArn: arn }, "sns");
        if (left.includes(subscription)) {
            problems.push("it is still subscribed");
        }
        await this.closeTab(page);
        this.check("links", problems);
        await made(name);
    }

    async run() {
        const started = Date.now();
        const addresses = ADDRESSES.values();
        const note = (...sent) => this.sent.push(sent);
        const network = await startNetwork(endpoint, note);
        this.browser = await BROWSERS[this.name](network.address().port);
        const version = (await this.browser.version()).replace("/", " ");
        try {
            await made(this.prefix);
            await Promise.all(Array.from({ length: TABS }, () => this.attackAll(addresses)));
            await this.rebind();
            await this.ownPage();
            await this.links();
        } catch (error) {
            this.check("the suite", [error.stack]);
        } finally {
            await this.browser.close();
            network.closeAllConnections();
            network.close();
        }
        const seconds = Math.round((Date.now() - started) / 1000);
        const line = ["browser", version, this.passed, this.failed, seconds].join("\t");
        console.log(line);
        if (process.env.COMPAT_RESULTS) {
            appendFileSync(process.env.COMPAT_RESULTS, `${line}\n`);
        }
        return this.failed;
    }
}

const failed = await Promise.all(Object.keys(BROWSERS).map((name) => new Suite(name).run()));
process.exit(failed.some((count) => count > 0) ? 1 : 0);
