// What Node.js says to chains as a TLS client: a server in the same program shows them to it, so only what has a key can be asked
// (worker.cpp has the form of questions and answers). fixed_time.c tells OpenSSL what time it is.
"use strict";
const fs = require("fs");
const net = require("net");
const tls = require("tls");
const { Duplex } = require("stream");

class Block {
    constructor(bytes) {
        this.bytes = bytes;
        this.at = 0;
    }
    number() {
        this.at += 4;
        return this.bytes.readUInt32BE(this.at - 4);
    }
    take() {
        const size = this.number();
        this.at += size;
        return this.bytes.subarray(this.at - size, this.at);
    }
    list() {
        return Array.from({ length: this.number() }, () => this.take());
    }
}

function pem(der) {
    return `-----BEGIN CERTIFICATE-----\n${der.toString("base64").replace(/(.{64})/g, "$1\n")}\n-----END CERTIFICATE-----\n`;
}

/// Two ends of a wire.
function wire() {
    const end = () =>
        new Duplex({
            read() {},
            write(chunk, encoding, done) {
                this.other.push(chunk);
                done();
            },
            final(done) {
                this.other.push(null);
                done();
            },
        });
    const ends = [end(), end()];
    ends[0].other = ends[1];
    ends[1].other = ends[0];
    return ends;
}

function is_readable(der) {
    try {
        return Boolean(new (require("crypto").X509Certificate)(der));
    } catch {
        return false;
    }
}

function contexts(chain, anchors, key) {
    const client = tls.createSecureContext({ ca: anchors.filter(is_readable).map(pem) });
    // The server is made to show anything: what is wrong with it is for the client to say.
    const server = tls.createSecureContext({ key, cert: chain.map(pem).join(""), ciphers: "DEFAULT:@SECLEVEL=0" });
    return { client, server };
}

function judge(block, done) {
    const at = block.bytes.readBigInt64BE(0);
    block.at = 8;
    const name = block.take().toString("latin1");
    const chain = block.list();
    const anchors = block.list();
    const key = block.take();
    const unreadable = chain.find((der) => !is_readable(der));
    if (unreadable) return done("refuse cannot be read");
    if (key.length === 0) return done("none no key");
    let made;
    try {
        made = contexts(chain, anchors, key);
    } catch (error) {
        return done(`none ${error.message}`);
    }
    fs.writeSync(clock, Buffer.from(BigInt64Array.of(at).buffer), 0, 8, 0);
    const [near, far] = wire();
    let told = false;
    let client;
    const tell = (answer) => {
        if (told) return;
        told = true;
        clearTimeout(late);
        for (const one of [client, server, near, far]) one?.destroy();
        done(answer);
    };
    const server = new tls.TLSSocket(far, { isServer: true, secureContext: made.server });
    server.on("error", (error) => tell(`none server: ${error.message}`));
    server.on("close", () => setImmediate(tell, "none closed"));
    const late = setTimeout(tell, 3000, "none late");
    const options = { socket: near, secureContext: made.client, host: name || undefined };
    if (!name) options.checkServerIdentity = () => undefined;
    if (name && !net.isIP(name)) options.servername = name;
    client = tls.connect(options, () => tell("accept"));
    client.on("close", () => setImmediate(tell, "none closed"));
    client.on("error", (error) => tell(`refuse ${error.code} ${error.message}`));
}

const clock = fs.openSync(process.env.TRUENAME_CLOCK, "r+");
let waiting = Buffer.alloc(0);
let busy = false;

function next() {
    if (busy || waiting.length < 4) return;
    const size = waiting.readUInt32BE(0);
    if (waiting.length < 4 + size) return;
    const block = new Block(waiting.subarray(4, 4 + size));
    waiting = waiting.subarray(4 + size);
    busy = true;
    judge(block, (answer) => {
        busy = false;
        fs.writeSync(1, answer.replace(/[\r\n]/g, " ") + "\n");
        setImmediate(next);
    });
}

process.stdin.on("data", (chunk) => {
    waiting = Buffer.concat([waiting, chunk]);
    next();
});
process.stdin.on("end", () => process.exit(0));
