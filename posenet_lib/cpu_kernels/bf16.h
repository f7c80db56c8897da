/* What all kernels share: see __init__.py.
 *
 * Images are bfloat16, channels last: a row is one pixel's channels, side by side. Two rows of a tensor lie `apart`
 * numbers from each other, more than a row is long where the tensor is a slice of others' channels. Numbers are computed
 * in float32, sums over rows in double.
 */
#ifndef BF16_H
#define BF16_H
#include <stdint.h>
#include <string.h>

typedef uint16_t bf16; /* the upper half of a float32 */

static inline float wide(bf16 x) {
  uint32_t bits = (uint32_t)x << 16;
  float y;
  memcpy(&y, &bits, sizeof y);
  return y;
}

static inline bf16 narrow(float x) { /* to the nearest, halves to even */
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return (bf16)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

#endif
