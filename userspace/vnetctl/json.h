/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * json: a writer for JSON, compact or indented.
 */
#ifndef VNETCTL_JSON_H
#define VNETCTL_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define JSON_DEPTH	16

/**
 * struct json - a text being written
 * @to: where it goes
 * @pretty: with line breaks and indentation
 * @depth: open objects and arrays
 * @filled: at each depth, something was written already
 */
struct json {
	FILE *to;
	bool pretty;
	unsigned int depth;
	bool filled[JSON_DEPTH];
};

void json_begin(struct json *json, const char *key, char bracket);
void json_end(struct json *json, char bracket);
void json_string(struct json *json, const char *key, const char *value);
void json_number(struct json *json, const char *key, uint64_t value);
void json_bool(struct json *json, const char *key, bool value);

#endif /* VNETCTL_JSON_H */
