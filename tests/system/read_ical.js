// Reads a calendar on stdin with ical.js, as JSON: uid, local start and end, and
// the start in UTC. The argument is the folder that ical.js is installed in.
const { createRequire } = require('module');
const ICAL = createRequire(process.argv[2] + '/')('ical.js');

const root = new ICAL.Component(ICAL.parse(require('fs').readFileSync(0, 'utf8')));
for (const zone of root.getAllSubcomponents('vtimezone'))
	ICAL.TimezoneService.register(zone);

const local = (time) => time.toString().slice(0, 19);
const events = root.getAllSubcomponents('vevent').map((component) => {
	const event = new ICAL.Event(component);
	return {
		uid: event.uid,
		start: local(event.startDate),
		end: local(event.endDate),
		utc: new Date(event.startDate.toUnixTime() * 1000)
			.toISOString().slice(0, 19),
	};
});
process.stdout.write(JSON.stringify(events));
