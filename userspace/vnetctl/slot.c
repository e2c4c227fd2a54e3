// SPDX-License-Identifier: GPL-2.0-only
/*
 * slot: access to one value of an object through its schema. It knows neither
 * how values are typed nor how they are shown.
 */
#include <stdio.h>
#include <string.h>

#include "kind.h"

/**
 * slot_value() - where the object keeps an attribute
 * @slot: the object
 * @attr: the attribute
 *
 * Return: the place; the table of keys never names an attribute without one.
 */
void *slot_value(const struct slot *slot, unsigned int attr)
{
	const struct vnet_field *f = vnet_schema_field(slot->schema, attr);

	return (char *)slot->object + (f ? f->offset : 0);
}

/**
 * slot_has() - is an attribute set?
 * @slot: the object
 * @attr: the attribute
 *
 * Return: true if so.
 */
bool slot_has(const struct slot *slot, unsigned int attr)
{
	const struct vnet_id *id = slot->object;

	return id->has & VNET_HAS(attr);
}

/**
 * slot_mark() - say that an attribute is set
 * @slot: the object
 * @attr: the attribute
 */
void slot_mark(const struct slot *slot, unsigned int attr)
{
	struct vnet_id *id = slot->object;

	id->has |= VNET_HAS(attr);
}

/**
 * slot_number() - a number of the object
 * @slot: the object
 * @attr: the attribute
 *
 * Return: the number, whatever its size.
 */
uint64_t slot_number(const struct slot *slot, unsigned int attr)
{
	const struct vnet_field *f = vnet_schema_field(slot->schema, attr);
	const void *value = slot_value(slot, attr);
	uint64_t u64;
	uint32_t u32;
	uint16_t u16;

	switch (f ? f->size : 0) {
	case 1:
		return *(const uint8_t *)value;
	case 2:
		memcpy(&u16, value, sizeof(u16));
		return u16;
	case 4:
		memcpy(&u32, value, sizeof(u32));
		return u32;
	case 8:
		memcpy(&u64, value, sizeof(u64));
		return u64;
	}
	return 0;
}

/**
 * slot_is_ip4() - is an address IPv4?
 * @slot: the address, which is set
 *
 * Return: true if so.
 */
bool slot_is_ip4(const struct slot *slot)
{
	return ((const struct vnet_ip *)slot_value(slot, slot->key->attr))->size == 4;
}

/**
 * slot_is_ip6() - is an address IPv6?
 * @slot: the address, which is set
 *
 * Return: true if so.
 */
bool slot_is_ip6(const struct slot *slot)
{
	return !slot_is_ip4(slot);
}

/* Largest number that an attribute can hold. */
static uint64_t field_max(const struct vnet_field *field)
{
	return UINT64_MAX >> (64 - 8 * field->size);
}

/**
 * slot_set_number() - set the slot's own attribute
 * @slot: the object and key
 * @value: the number
 *
 * Return: NULL, or what is wrong with the number.
 */
const char *slot_set_number(const struct slot *slot, uint64_t value)
{
	const struct key *key = slot->key;
	const struct vnet_field *f = vnet_schema_field(slot->schema, key->attr);
	void *to = slot_value(slot, key->attr);
	uint32_t u32 = value;
	uint16_t u16 = value;

	if (value < key->min)
		return "is too small";
	if (value > (key->max ? key->max : field_max(f)))
		return "is too large";

	if (f->size == 1)
		*(uint8_t *)to = value;
	else if (f->size == 2)
		memcpy(to, &u16, sizeof(u16));
	else if (f->size == 4)
		memcpy(to, &u32, sizeof(u32));
	else
		memcpy(to, &value, sizeof(value));
	slot_mark(slot, key->attr);
	return NULL;
}

/**
 * slot_set_string() - set the slot's own attribute
 * @slot: the object and key
 * @text: the string
 *
 * Return: NULL, or what is wrong with the string.
 */
const char *slot_set_string(const struct slot *slot, const char *text)
{
	unsigned int attr = slot->key->attr;
	const struct vnet_field *f = vnet_schema_field(slot->schema, attr);

	if (strlen(text) >= f->size)
		return "is too long";
	snprintf(slot_value(slot, attr), f->size, "%s", text);
	slot_mark(slot, attr);
	return NULL;
}

/**
 * slot_is_normal() - is a value what text need not mention?
 * @slot: the key
 * @value: the value
 *
 * Return: true if so.
 */
bool slot_is_normal(const struct slot *slot, uint64_t value)
{
	return slot->key->out.place == OUT_OPTION &&
	       value == slot->key->normal;
}

/**
 * kind_word_at() - the words that a key takes, one after the other
 * @key: the key
 * @index: 0 for the first
 *
 * Return: the word, NULL after the last.
 */
const char *kind_word_at(const struct key *key, unsigned int index)
{
	const struct kind *kind = key->kind;
	unsigned int i, first = key->min ? key->min : 1;

	if (kind->named)
		return first + index > vnet_names_max(kind->names) ? NULL :
		       vnet_name(kind->names, first + index);
	for (i = 0; kind->words && kind->words[i]; i++)
		if (i == index)
			return kind->words[i];
	return NULL;
}
