/* Photos resized as Pillow does it (its src/libImaging/Resample.c), to the last bit: see resize.py for the weights.
 *
 * A result is a weighted sum of neighbours: first along rows, then, rounded to 8 bits again, along columns. Weights are
 * whole numbers, 2^22 for 1, and never negative. Their rounding errors add up to far less than half a level, so that
 * sums fit 32 bits and results 8: nothing has to be clipped.
 */
#include <stdint.h>
#include <string.h>

#ifdef __AVX2__ /* no larger than registers are: GCC would take vectors apart to single numbers */
enum { BLOCK = 32 };
#else
enum { BLOCK = 16 };
#endif
enum { BITS = 22, HALF = 1 << (BITS - 1), ROWS = BLOCK / 4 };
typedef uint32_t words __attribute__((vector_size(BLOCK)));

/* Blocks of bytes, `apart` from each other -> the block of their weighted sums. Words hold four bytes, so that a byte
 * gets the 32 bits of a sum by a shift and a mask, which costs compilers less than to widen a vector. */
static inline words weighted(const uint8_t *in, int64_t apart, const int32_t *weights, int64_t taps) {
  words sums[4], block, result = {};
  for (int i = 0; i < 4; i++) sums[i] = (words){} + HALF;
  for (int64_t k = 0; k < taps; k++) {
    memcpy(&block, in + k * apart, BLOCK);
    for (int i = 0; i < 4; i++) sums[i] += (block >> 8 * i & 255) * (uint32_t)weights[k];
  }
  for (int i = 0; i < 4; i++) result |= sums[i] >> BITS << 8 * i;
  return result;
}

/* Pixels of some rows, those above one another side by side in a block. Each is read with the byte behind it, but the
 * last of a row, behind which there may be no memory. */
static inline void interleave(const uint8_t *in, int64_t step, int64_t width, int64_t rows, uint8_t *together) {
  for (int64_t x = 0; x < width - 1; x++)
    for (int64_t row = 0; row < rows; row++)
      memcpy(together + x * BLOCK + 4 * row, in + (row * width + x) * step, 4);
  for (int64_t row = 0; row < rows; row++)
    memcpy(together + (width - 1) * BLOCK + 4 * row, in + ((row + 1) * width - 1) * step, 3);
}

/* [in_height, in_width] pixels, `step` bytes apart (3, or 4 of which the last does not count) -> [height, width, 3].
 * For every column and row of the result: where its neighbours start, and their weights, as many as there are taps.
 * `scratch`: BLOCK bytes for each input column, and 2 * (y_taps + ROWS) rows of 3 * width + BLOCK bytes. */
void resize(const uint8_t *in, int64_t step, int64_t in_height, int64_t in_width, uint8_t *out, int64_t height,
            int64_t width, const int32_t *x_starts, const int32_t *x_weights, int64_t x_taps, const int32_t *y_starts,
            const int32_t *y_weights, int64_t y_taps, uint8_t *scratch) {
  int64_t length = 3 * width, apart = length + BLOCK, most = 2 * (y_taps + ROWS), first = 0, end = 0;
  uint8_t *together = scratch, *narrow = scratch + in_width * BLOCK; /* rows first..end of the input, resized */
  for (int64_t y = 0; y < height; y++) {
    int64_t start = y_starts[y];
    for (; end < start + y_taps; end += ROWS) {
      if (end + ROWS - first > most) { /* keep those that are still needed */
        memmove(narrow, narrow + (start - first) * apart, (end - start) * apart);
        first = start;
      }
      const uint8_t *next = in + end * in_width * step;
      if (in_height - end >= ROWS)
        interleave(next, step, in_width, ROWS, together);
      else
        interleave(next, step, in_width, in_height - end, together);
      for (int64_t x = 0; x < width; x++) {
        words result = weighted(together + x_starts[x] * BLOCK, BLOCK, x_weights + x * x_taps, x_taps);
        uint8_t *pixel = narrow + (end - first) * apart + 3 * x; /* the next one overwrites the fourth byte */
        for (int64_t row = 0; row < ROWS; row++) memcpy(pixel + row * apart, (uint8_t *)&result + 4 * row, 4);
      }
    }
    for (int64_t i = 0; i < length; i += BLOCK) {
      words result = weighted(narrow + (start - first) * apart + i, apart, y_weights + y * y_taps, y_taps);
      memcpy(out + y * length + i, &result, length - i < BLOCK ? length - i : BLOCK);
    }
  }
}
