// `tocsin/json-rules-engine` for `require`: Node 20.19 or later, which requires modules.
"use strict";
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const inRoom = join("src", "matcher", "json-rules", "published");
const built = join(__dirname, "..", "dist", `${inRoom}.js`);
const { operators, toFacts } = require(existsSync(built) ? built : join(__dirname, "..", `${inRoom}.ts`));

exports.operators = operators;
exports.toFacts = toFacts;
