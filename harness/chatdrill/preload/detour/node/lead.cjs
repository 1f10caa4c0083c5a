// Leads the program that it is loaded into to chatdrill's fakes; see chatdrill/preload/detour/__init__.py.
// It runs in the bot's own Node (18 and later) and needs nothing but Node.
'use strict';

const LOCAL_PORT = 80;
const PATIENCE_MS = 2000;

if (process.env.CHATDRILL_DETOUR) lead(JSON.parse(process.env.CHATDRILL_DETOUR));

function lead(plan) {
  const fs = require('node:fs');
  const net = require('node:net');
  const os = require('node:os');
  const tls = require('node:tls');
  const fakes = new Set(plan.fakes);
  const opened = new Set(plan.opened);
  const connect = net.Socket.prototype.connect;

  function plain(host) {
    return String(host || '').toLowerCase().replace(/\.$/, '').replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  }

  // 'fake', 'free' (this machine, or let through) or 'barred'.
  function way(host) {
    if (fakes.has(host) || fakes.has('*.' + host.slice(host.indexOf('.') + 1))) return 'fake';
    return opened.has(host) || isOwn(host) ? 'free' : 'barred';
  }

  function isOwn(host) {
    return ['', '::', '::1', '0.0.0.0', 'localhost', os.hostname().toLowerCase()].includes(host)
      || host.endsWith('.localhost') || /^(::ffff:)?127\.[\d.]+$/.test(host);
  }

  // Tell chatdrill of it, then go on.
  function tell(host, port, then) {
    const named = host.includes(':') ? `[${host}]` : host;
    const socket = new net.Socket();
    let isOver = false;
    const end = () => {
      if (isOver) return;
      isOver = true;
      socket.destroy();
      then();
    };
    for (const event of ['data', 'end', 'error', 'timeout', 'close']) socket.on(event, end);
    socket.setTimeout(PATIENCE_MS);
    connect.call(socket, plan.proxy, plan.host);
    socket.write(`CONNECT ${named}:${port} HTTP/1.1\r\nHost: ${named}:${port}\r\n\r\n`);
  }

  function refuse(socket, host, port) {
    const error = new Error(
      `chatdrill: there is no fake of ${host} here, and a drill never reaches the internet; --allow ${host} lets it through`);
    Object.assign(error, { code: 'ECONNREFUSED', errno: -111, syscall: 'connect', address: host, port });
    socket.connecting = true;
    tell(host, port, () => {
      socket.connecting = false;
      socket.destroy(error);
    });
    return socket;
  }

  // net.connect and tls.connect pass on what they have read of their arguments as an array in the first.
  function optionsOf(given) {
    if (Array.isArray(given[0])) return given[0][0];
    if (given[0] !== null && typeof given[0] === 'object') return given[0];
    if (typeof given[0] === 'string' && !/^\d+$/.test(given[0])) return { path: given[0] };
    return { port: given[0], host: typeof given[1] === 'string' ? given[1] : undefined };
  }

  net.Socket.prototype.connect = function (...given) {
    const options = optionsOf(given);
    if (options.path) return connect.apply(this, given);
    const host = plain(options.host);
    const port = Number(options.port);
    const found = way(host);
    if (found === 'barred') return refuse(this, host, port);
    if (found === 'free') return connect.apply(this, given);
    const led = { ...options, host: plan.host, port: port === LOCAL_PORT ? plan.proxy : plan.entrance };
    delete led.lookup;
    delete led.family;
    if (Array.isArray(given[0])) given[0][0] = led;
    else given = [led, given.find((one) => typeof one === 'function')].filter(Boolean);
    return connect.apply(this, given);
  };

  // Who names the certificates that he trusts trusts the authority, too.
  const createSecureContext = tls.createSecureContext;
  const authority = fs.readFileSync(plan.authority);
  tls.createSecureContext = function (options) {
    const context = createSecureContext.call(tls, options);
    if (options && options.ca && context.context.addCACert) context.context.addCACert(authority);
    return context;
  };
}
