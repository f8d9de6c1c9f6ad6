// A workflow on the official JS SDK. Where it serves, and with which certificate, it is told by `relay dev`.

import { readFileSync } from 'node:fs'
import https from 'node:https'

import sdk from '@relaypro/sdk'

const { createWorkflow, Event, relay } = sdk
const { PORT, RELAY_TLS_CERT, RELAY_TLS_KEY } = process.env

const hello = createWorkflow(wf => {
  wf.on(Event.START, async ({ trigger }) => {
    await wf.startInteraction([trigger.args.source_uri], 'hello')
  })
  wf.on(Event.INTERACTION_STARTED, async ({ source_uri }) => {
    await wf.sayAndWait(source_uri, 'What is your name?')
    const { text } = await wf.listen(source_uri)
    await wf.sayAndWait(source_uri, `Hello ${text}`)
    await wf.terminate()
  })
})

const server = https.createServer({ cert: readFileSync(RELAY_TLS_CERT), key: readFileSync(RELAY_TLS_KEY) })
relay({ server }).workflow('hello', hello)
server.listen(PORT, '127.0.0.1', () => console.log('serving'))
