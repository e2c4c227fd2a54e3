// SPDX-License-Identifier: GPL-2.0-only
/*
 * json: a writer for JSON. It knows nothing of what is written.
 */
#include "json.h"

#include <inttypes.h>

/* Length of the valid UTF-8 sequence at p, 0 if there is none. */
static int utf8_length(const unsigned char *p)
{
	int i, len;

	if (*p < 0x80)
		return 1;
	if (*p >= 0xc2 && *p <= 0xdf)
		len = 2;
	else if (*p >= 0xe0 && *p <= 0xef)
		len = 3;
	else if (*p >= 0xf0 && *p <= 0xf4)
		len = 4;
	else
		return 0;
	for (i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] > 0x9f) ||
	    (*p == 0xf0 && p[1] < 0x90) || (*p == 0xf4 && p[1] > 0x8f))
		return 0;
	return len;
}

static void write_quoted(FILE *to, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	fputc('"', to);
	while (*p) {
		int len = utf8_length(p);

		if (!len) {
			fputs("\\ufffd", to);
			p++;
		} else if (*p < 0x20 || *p == 0x7f) {
			fprintf(to, "\\u%04x", *p++);
		} else {
			if (*p == '"' || *p == '\\')
				fputc('\\', to);
			fwrite(p, 1, len, to);
			p += len;
		}
	}
	fputc('"', to);
}

static void break_line(struct json *json)
{
	unsigned int i;

	if (!json->pretty)
		return;
	fputc('\n', json->to);
	for (i = 0; i < json->depth; i++)
		fputs("    ", json->to);
}

/* What stands before a value: comma, line break, key. */
static void lead(struct json *json, const char *key)
{
	if (json->depth) {
		if (json->filled[json->depth])
			fputc(',', json->to);
		json->filled[json->depth] = true;
		break_line(json);
	}
	if (!key)
		return;
	write_quoted(json->to, key);
	fputs(json->pretty ? ": " : ":", json->to);
}

/**
 * json_begin() - open an object or an array
 * @json: the text
 * @key: its key, NULL in an array or outermost
 * @bracket: '{' or '['
 */
void json_begin(struct json *json, const char *key, char bracket)
{
	lead(json, key);
	fputc(bracket, json->to);
	if (json->depth < JSON_DEPTH - 1)
		json->depth++;
	json->filled[json->depth] = false;
}

/**
 * json_end() - close an object or an array; the outermost ends the line
 * @json: the text
 * @bracket: '}' or ']'
 */
void json_end(struct json *json, char bracket)
{
	bool filled = json->filled[json->depth];

	if (json->depth)
		json->depth--;
	if (filled)
		break_line(json);
	fputc(bracket, json->to);
	if (!json->depth)
		fputc('\n', json->to);
}

/**
 * json_string() - write a string
 * @json: the text
 * @key: its key, NULL in an array
 * @value: the string; what is not UTF-8 in it is replaced
 */
void json_string(struct json *json, const char *key, const char *value)
{
	lead(json, key);
	write_quoted(json->to, value);
}

/**
 * json_number() - write a number
 * @json: the text
 * @key: its key, NULL in an array
 * @value: the number
 */
void json_number(struct json *json, const char *key, uint64_t value)
{
	lead(json, key);
	fprintf(json->to, "%" PRIu64, value);
}

/**
 * json_bool() - write true or false
 * @json: the text
 * @key: its key, NULL in an array
 * @value: which one
 */
void json_bool(struct json *json, const char *key, bool value)
{
	lead(json, key);
	fputs(value ? "true" : "false", json->to);
}
