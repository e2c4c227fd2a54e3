/* SPDX-License-Identifier: GPL-2.0-only */
/* What a unit test includes first: cmocka with all it needs, and the shim's controls. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "shim/shim.h"

#endif /* UNIT_H */
