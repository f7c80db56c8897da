/* Max pooling of 3x3 pixels, line by line of an image.
 *
 * 32 channels are looked at together and stay in a register for all nine pixels. A last group that is not full begins
 * earlier and is computed twice: there must be 32 channels. `halve` is 1 for a stride of 2, and 0 for a stride of 1.
 */
#ifndef MAX_POOL_H
#define MAX_POOL_H
#include "bf16.h"

enum { LANES = 32 };
typedef int16_t lanes __attribute__((vector_size(2 * LANES)));
typedef uint8_t bytes __attribute__((vector_size(LANES)));
typedef uint32_t words __attribute__((vector_size(2 * LANES)));
typedef float floats __attribute__((vector_size(2 * LANES)));

typedef struct {
  int64_t height, width, channels, halve;
} pooling;

static inline int64_t halved(int64_t size, int64_t halve) { return ((size - 1) >> halve) + 1; }

static inline int64_t group(int64_t i, int64_t channels) { return i + LANES <= channels ? i : channels - LANES; }

static inline lanes choose(lanes yes, lanes a, lanes b) { return (yes & a) | (~yes & b); }

/* Bits of bfloat16 as integers of the same order, and back. What is not a number comes after all numbers. */
static inline lanes ordered(lanes x) {
  lanes order = x ^ ((x >> 15) & 0x7fff), not_a_number = (x & 0x7fff) > 0x7f80;
  return choose(not_a_number, not_a_number & 0x7fff, order);
}

/* Of one line of x, in the order of integers: the largest of 3 pixels around every one, or every other one, and which of
 * them it was (0..2), the first of equals. */
static inline void sweep_line(const bf16 *x, int16_t *largest, uint8_t *which, pooling p) {
  int64_t channels = p.channels, out_width = halved(p.width, p.halve);
  for (int64_t u = 0; u < out_width; u++) {
    int64_t middle = u << p.halve, begin = middle ? middle - 1 : 0, end = middle + 1 < p.width ? middle + 1 : middle;
    for (int64_t i = 0; i < channels; i += LANES) {
      int64_t first = group(i, channels);
      lanes best, value, at = (lanes){} + (int16_t)(begin + 1 - middle);
      memcpy(&best, x + begin * channels + first, sizeof best);
      best = ordered(best);
      for (int64_t column = begin + 1; column <= end; column++) {
        memcpy(&value, x + column * channels + first, sizeof value);
        value = ordered(value);
        lanes better = value > best;
        best = choose(better, value, best);
        at = choose(better, (lanes){} + (int16_t)(column + 1 - middle), at);
      }
      bytes numbers = __builtin_convertvector(at, bytes);
      memcpy(largest + u * channels + first, &best, sizeof best);
      memcpy(which + u * channels + first, &numbers, sizeof numbers);
    }
  }
}

typedef struct { /* the last three lines of the batch that were swept; line n lies at n % 3 */
  int16_t *largest[3];
  uint8_t *which[3];
  int64_t last;
} swept;

/* The first line that is still to be swept for those around line `middle` of the image that begins with line `begin`. */
static inline int64_t next_line(const swept *s, int64_t begin, int64_t middle) {
  int64_t wanted = begin + (middle ? middle - 1 : 0);
  return s->last >= wanted ? s->last + 1 : wanted;
}

/* One line of y, from the three around line `middle` of an image or those there are. where = which of the nine pixels was the largest (0..8), the first of equals; NULL where nobody
 * asks. */
static inline void pool_line(const swept *s, int64_t begin, int64_t middle, bf16 *y, uint8_t *where, pooling p) {
  int64_t size = halved(p.width, p.halve) * p.channels; /* of at least one group */
  for (int64_t i = 0; i < size; i += LANES) {
    int64_t first = group(i, size);
    lanes best = {}, at = {}, value;
    bytes numbers;
    int some = 0;
    for (int64_t k = 0; k < 3; k++) {
      int64_t row = middle - 1 + k;
      if (row < 0 || row >= p.height) continue;
      memcpy(&value, s->largest[(begin + row) % 3] + first, sizeof value);
      memcpy(&numbers, s->which[(begin + row) % 3] + first, sizeof numbers);
      lanes better = some ? value > best : (lanes){} - 1;
      best = choose(better, value, best);
      at = choose(better, __builtin_convertvector(numbers, lanes) + (int16_t)(3 * k), at);
      some = 1;
    }
    best = ordered(best);
    memcpy(y + first, &best, sizeof best);
    if (where) {
      numbers = __builtin_convertvector(at, bytes);
      memcpy(where + first, &numbers, sizeof numbers);
    }
  }
}

/* Bits of float32 whose upper half is the nearest bfloat16, halves to even. */
static inline words rounded(words x) { return x + 0x7fff + ((x >> 16) & 1); }

/* One line of the gradient before pooling: every pixel collects the gradients of the windows that it was the largest of,
 * so that nothing is written twice. gradient, where: of the whole image; dx: this line, added to what is there if `add`. */
static inline void unpool_line(const bf16 *gradient, const uint8_t *where, int64_t row, bf16 *dx, pooling p, int add) {
  int64_t channels = p.channels, halve = p.halve;
  int64_t out_height = halved(p.height, halve), out_width = halved(p.width, halve);
  int64_t first_v = ((row ? row - 1 : 0) + halve) >> halve;
  for (int64_t column = 0; column < p.width; column++) {
    int64_t windows[9], first_u = ((column ? column - 1 : 0) + halve) >> halve;
    int16_t number[9], count = 0; /* which of a window's nine this pixel is */
    for (int64_t v = first_v; v <= (row + 1) >> halve && v < out_height; v++)
      for (int64_t u = first_u; u <= (column + 1) >> halve && u < out_width; u++) {
        windows[count] = (v * out_width + u) * channels;
        number[count++] = (int16_t)((row + 1 - (v << halve)) * 3 + column + 1 - (u << halve));
      }
    bf16 *result = dx + column * channels;
    lanes last; /* as it was: the last group overlaps one that has been added to by then */
    memcpy(&last, result + channels - LANES, sizeof last);
    for (int64_t i = 0; i < channels; i += LANES) {
      int64_t first = group(i, channels);
      lanes part = {};
      if (add) memcpy(&part, first == i ? (const void *)(result + first) : &last, sizeof part);
      floats even = (floats)((words)part << 16), odd = (floats)((words)part & 0xffff0000); /* two to a 32-bit word */
      for (int16_t j = 0; j < count; j++) {
        bytes at;
        memcpy(&at, where + windows[j] + first, sizeof at);
        memcpy(&part, gradient + windows[j] + first, sizeof part);
        part &= __builtin_convertvector(at, lanes) == number[j];
        even += (floats)((words)part << 16);
        odd += (floats)((words)part & 0xffff0000);
      }
      words upper = (rounded((words)even) >> 16) | (rounded((words)odd) & 0xffff0000);
      memcpy(result + first, &upper, sizeof upper);
    }
  }
}
#endif
