// Workflows on the official JS SDK, unmodified, that the server is tested with. Each speaks what it found out, so that
// the test hears it at a device.

import { readFileSync } from 'node:fs'
import https from 'node:https'
import { parseArgs } from 'node:util'

import sdk from '@relaypro/sdk'

const { createWorkflow, Event, relay, TimerType, TimeoutType, Uri } = sdk

/** A workflow that opens an interaction on the device that it was started from, and acts in it. */
const conversation = act => createWorkflow(wf => {
  wf.on(Event.START, async ({ trigger }) => {
    await wf.startInteraction([trigger.args.source_uri], 'conversation')
  })
  wf.on(Event.INTERACTION_STARTED, async ({ source_uri }) => {
    await act(wf, source_uri)
  })
})

const hello = conversation(async (wf, device) => {
  await wf.sayAndWait(device, 'What is your name?')
  const { text } = await wf.listen(device)
  await wf.sayAndWait(device, `Hello ${text}`)
  await wf.terminate()
})

const listen = conversation(async (wf, device) => {
  await wf.sayAndWait(device, 'Tea or coffee?')
  const { text } = await wf.listen(device, ['tea', 'coffee'])
  await wf.sayAndWait(device, `One ${text}`)
  await wf.terminate()
})

const buttons = createWorkflow(wf => {
  let count = 0
  wf.on(Event.START, async ({ trigger }) => {
    await wf.startInteraction([trigger.args.source_uri], 'counter')
  })
  wf.on(Event.INTERACTION_STARTED, async ({ source_uri }) => {
    await wf.sayAndWait(source_uri, 'Tap')
  })
  wf.on(Event.BUTTON, async ({ button, taps, source_uri }) => {
    if (taps === 'double') {
      await wf.endInteraction([source_uri])
    } else {
      count += 1
      await wf.sayAndWait(source_uri, `${button} ${count}`)
    }
  })
  wf.on(Event.INTERACTION_ENDED, async () => {
    await wf.terminate()
  })
})

const alert = createWorkflow(wf => {
  let source
  wf.on(Event.START, async ({ trigger }) => {
    source = trigger.args.source_uri
    await wf.alert([Uri.groupName('Cleaning')], source, 'spill', 'Spill in aisle 4')
  })
  wf.on(Event.NOTIFICATION, async ({ name, event, source_uri }) => {
    if (name === 'spill' && event === 'ack_event') {
      const who = await wf.getDeviceName(source_uri)
      await wf.cancelAlert([Uri.groupName('Cleaning')], 'spill')
      await wf.broadcast([source], source_uri, 'thanks', `${who} sees to it`)
      await wf.terminate()
    }
  })
})

const timers = createWorkflow(wf => {
  let device
  let ticks = 0
  wf.on(Event.START, async ({ trigger }) => {
    await wf.startInteraction([trigger.args.source_uri], 'timers')
  })
  wf.on(Event.INTERACTION_STARTED, async ({ source_uri }) => {
    device = source_uri
    await wf.startTimer(1)
  })
  wf.on(Event.TIMER, async () => {
    ticks += 1
    await wf.sayAndWait(device, `tick ${ticks}`)
    if (ticks === 1) {
      await wf.startTimer(1)
    } else {
      await wf.terminate()
    }
  })
})

const leds = conversation(async (wf, device) => {
  await wf.switchAllLedOn(device, 'ff0000')
  await wf.switchLedOn(device, 1, '00ff00')
  await wf.flash(device, '0000ff')
  await wf.rainbow(device, 3)
  await wf.vibrate(device, [100, 500, 500])
  await wf.switchAllLedOff(device)
  await wf.sayAndWait(device, 'shown')
  await wf.terminate()
})

const device = conversation(async (wf, device) => {
  const facts = [
    await wf.getDeviceName(device),
    await wf.getDeviceId(device),
    await wf.getDeviceType(device),
    await wf.getDeviceBattery(device, false),
    await wf.getDeviceLocationEnabled(device),
    await wf.getDeviceCoordinates(device, false),
    await wf.getUserProfile(device),
  ]
  await wf.sayAndWait(device, facts.join('; '))
  await wf.setDeviceName(device, 'Alice the second')
  await wf.sayAndWait(device, 'renamed')
  await wf.terminate()
})

const variables = conversation(async (wf, device) => {
  const greeting = await wf.getVar('greeting')
  const count = await wf.getNumberVar('count')
  await wf.setVar('answer', `${greeting} ${count + 1}`)
  await wf.sayAndWait(device, await wf.getVar('answer'))
  await wf.terminate()
})

const groups = conversation(async (wf, device) => {
  const members = await wf.getGroupMembers(Uri.groupName('Cleaning'))
  const alice = await wf.isGroupMember(Uri.groupName('Cleaning'), Uri.deviceName('Alice'))
  await wf.sayAndWait(device, `${members.map(Uri.parseDeviceName).join(' and ')}; ${alice}`)
  await wf.terminate()
})

const incident = createWorkflow(wf => {
  let device
  wf.on(Event.START, async ({ trigger }) => {
    await wf.startInteraction([trigger.args.source_uri], 'incident')
  })
  wf.on(Event.INTERACTION_STARTED, async ({ source_uri }) => {
    device = source_uri
    await wf.createIncident(Uri.deviceName('Alice'), 'spill')
    await wf.sayAndWait(device, 'reported')
  })
  wf.on(Event.INCIDENT, async ({ type, reason }) => {
    await wf.sayAndWait(device, `${type}: ${reason}`)
    await wf.terminate()
  })
})

const analytics = conversation(async (wf, device) => {
  await wf.logMessage('a message', 'notes')
  await wf.trackEvent('visits', { floor: 3, clean: true })
  await wf.trackUserEvent('visits', Uri.deviceName('Alice'), { floor: 4 })
  await wf.sayAndWait(device, 'logged')
  await wf.terminate()
})

const http = createWorkflow(wf => {
  wf.on(Event.START, async ({ trigger }) => {
    const { args } = trigger
    await wf.broadcast([args.source_uri], args.source_uri, 'bell', `${trigger.type}: room ${args.args.room}`)
    await wf.terminate()
  })
})

const { values: flags } = parseArgs({ options: { cert: { type: 'string' }, key: { type: 'string' } } })
const server = https.createServer({ cert: readFileSync(flags.cert), key: readFileSync(flags.key) })
const app = relay({ server })
const all = { hello, listen, buttons, alert, timers, leds, device, variables, groups, incident, analytics, http }
Object.entries(all).forEach(([path, workflow]) => app.workflow(path, workflow))
server.listen({ port: 0, host: '127.0.0.1' }, () => console.log(`listening on ${server.address().port}`))
