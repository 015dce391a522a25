import { startSample } from './program.ts';
const s = await startSample();
console.log(s.cloud);
setInterval(()=>{}, 1000);
