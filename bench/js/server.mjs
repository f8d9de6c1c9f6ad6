// The workflows of examples/bench_target.rs on the official JS SDK.

import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { parseArgs } from 'node:util'

import sdk from '@relaypro/sdk'

const { createWorkflow, Event, relay } = sdk

const hello = createWorkflow(wf => {
  wf.on(Event.START, async ({ trigger }) => {
    await wf.startInteraction([trigger.args.source_uri], 'hello')
  })
  wf.on(Event.INTERACTION_STARTED, async ({ source_uri }) => {
    await wf.sayAndWait(source_uri, 'Hello')
    await wf.endInteraction([source_uri])
    await wf.terminate()
  })
})

const rtt = createWorkflow(wf => {
  wf.on(Event.START, async () => {
    const count = await wf.getNumberVar('count')
    for (let i = 0; i < count; i++) {
      await wf.getVar('x')
    }
    await wf.terminate()
  })
})

const fanout = createWorkflow(wf => {
  wf.on(Event.START, async () => {
    const count = await wf.getNumberVar('count')
    for (let i = 0; i < count; i++) {
      await Promise.all(Array.from({ length: 100 }, () => wf.getVar('x')))
    }
    await wf.terminate()
  })
})

const idle = createWorkflow(wf => {
  wf.on(Event.TIMER, async () => {
    await wf.getVar('x')
  })
})

const { values: flags } = parseArgs({
  options: {
    port: { type: 'string' },
    'tls-cert': { type: 'string' },
    'tls-key': { type: 'string' },
    'tls-tickets': { type: 'boolean' }, // as node does anyway
  },
})
const server = flags['tls-cert']
  ? https.createServer({ cert: readFileSync(flags['tls-cert']), key: readFileSync(flags['tls-key']) })
  : http.createServer()

const app = relay({ server })
Object.entries({ hello, rtt, fanout, idle }).forEach(([path, workflow]) => app.workflow(path, workflow))
server.listen({ port: Number(flags.port), backlog: 4096 })
