/**
 * A tone of 1 kHz as the first Opus packets of ffmpeg: stereo, 20 ms each.
 *
 *     ffmpeg -f lavfi -i sine=1000:sample_rate=48000 -ac 2 -c:a libopus -b:a 48k tone.ogg
 */
export const TONE = [
  "fIf8v3DiXVl00F2gBv7M7j20DfeQoc73d6rMzWRpP+vY7JTJGSVZVx7hrq608SgzETt7TMPcVjyUl/PK1OHlDW6pPuz0HGrmV2vc4TCyZ5D9Rmuq4dU5+ePWFLCl2/2FIVyWijjawj2wEg==",
  "fIf+2feEaKcrPn7WE/DJ3wCHMQaEOqNlul2sIKFzaTCc+j9o5WNPaCyURvKpTG7b2zQKPA72CTVpvq8Kr2DZspY2VAiFkDGYb0lNfcOe3oFUUTKOGrF3JAo=",
  "fIgCYTpPyh5swf7qDrqubf/kpft77OGMTSk6JiEjDFLSPa65aH/p4UeOLtme7QzdStOiSXKOLkFp05GuqqXJxhS6YTKRuSi2CJWvuHPbwBfomUdtYRcBLw==",
  "fIgCYTpPyh5swf7qj/lPmj/pCO1uGsrAFoF/kLjI3zMhnDuYc92a6BCnNBxipus/kkuUTbcwDEm+dx9qzCdlRMXCp2RdwtntKsbMNfcOfx6BVFEyjhqxdwEv",
  "fIgCYTpPyh5swf7qkAI5DKdqfGJFdDop0fKG5wJTNcLaLXZ9htkVOt4tZ2V3oKOpNJsUGkmnOOprdjW1orNy6E9s8oPx0wNwlQmzDX3Dn8eAL9EyjhqxdwEv",
  "fIgCYTpPyh5swf7qj/3GByQNSRmuOm2swWJD5RKdbYoGTuIZYg4zrSOcNHKdrdgkugsTUCPZBfjkTHwyIAoZs2L+Gdt9SprrRc1GzDX3Dn8egVRRMo4asXcBvw==",
  "fIgCYTpPyh5swf7qj/3GKrfZAxOY50hRFMjG8hy9QkCaTaXL4WdadUcJITjY2auFncMFY729rxodrX4dkQYy2gL9YwRwopMBAScIla+4c9vAF+iZR21hFAEv",
  "fIgCYTpPyh5swf7qj/zfkqQqBuOKTE/ka8F+X+KD4VeUf8qx0bac6Ive0mPkoiMvCM4qQ+/uUKgAkVErePPEA009dOws1fkGzDX3Dn8egVRRMo4asXcBLw==",
  "fIgCYTpPyh5swf7qj/3CiIqp90lqUNynYmh3CH2LvK1R//yop3Pha9Sg6/4b3EF7hmSjbTBzlAhUicmTymfQy0PJIBKACWrCCJWvuHPbwBfomUdtYRcBLw==",
  "TIgCYB0ECh5swf7qj/TmVQIW7BGL3YSjHCU2yYZomrg1THgnS2d0RbZCwToZmbOmcjINRLjM+ZyjSaAZsl1U8Nsd",
  "TIgCYB0ECh5swf7qj/3LFcH7OGgu2F1V0lWreDTTcfiV28FGkrfRnRgUue5zkO0fPxCpyf9QZIN3NGAsyQ==",
  "TIgCYB0ECh5swf7qkAI+DhcBbQiFdOL6q4wkksFGqOHCNHeWM1r+kQ/ewdvgT5jojvlVzDfnfuY6eADtfQ==",
].map((packet) => Uint8Array.from(atob(packet), (character) => character.charCodeAt(0)));
