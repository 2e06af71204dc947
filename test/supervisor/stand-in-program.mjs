// A stand-in for `tocsin serve` and `tocsin worker` that is ready at once, so that a test of the supervisor depends on nothing else.
// `POST /die` ends the server with code 3. Plain JavaScript: it starts quickly.
import { createServer } from "node:http";

const role = process.argv[2];
const stop = () => process.exit(0);
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, stop);
process.on("disconnect", stop);
console.log(`${role} runs as ${process.pid}`);

if (role === "serve") {
  const server = createServer((request, response) => {
    if (request.url === "/die") process.exit(3);
    response.end(
      JSON.stringify({ database: process.env.DATABASE_URL, temporal: process.env.TEMPORAL_ADDRESS }),
    );
  });
  server.listen(Number(process.env.TOCSIN_HTTP_PORT), process.env.TOCSIN_HOST ?? "127.0.0.1", () =>
    process.send({ kind: "ready" }),
  );
} else {
  setInterval(() => {}, 1000);
  process.send({ kind: "ready" });
}
