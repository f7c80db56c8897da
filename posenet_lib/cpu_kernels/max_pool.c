/* Max pooling of 3x3 pixels on a CPU: see __init__.py.
 *
 * All images are bfloat16, channels last. 32 channels are looked at together and stay in a register for all nine pixels.
 * A last group that is not full begins earlier and is computed twice: there must be 32 channels. `halve` is 1 for a
 * stride of 2, and 0 for a stride of 1.
 */
#include <stdint.h>
#include <string.h>

enum { LANES = 32 };
typedef uint16_t bf16; /* the upper half of a float32 */
typedef int16_t lanes __attribute__((vector_size(2 * LANES)));
typedef uint8_t bytes __attribute__((vector_size(LANES)));
typedef uint32_t words __attribute__((vector_size(2 * LANES)));
typedef float floats __attribute__((vector_size(2 * LANES)));

static inline int64_t group(int64_t i, int64_t channels) { return i + LANES <= channels ? i : channels - LANES; }

static inline lanes choose(lanes yes, lanes a, lanes b) { return (yes & a) | (~yes & b); }

/* Bits of bfloat16 as integers of the same order, and back. What is not a number comes after all numbers. */
static inline lanes ordered(lanes x) {
  lanes order = x ^ ((x >> 15) & 0x7fff), not_a_number = (x & 0x7fff) > 0x7f80;
  return choose(not_a_number, not_a_number & 0x7fff, order);
}

/* y = the largest of the 3x3 pixels around every one, or every other one, or of those there are. where = which of the
 * nine it was (0..8), the first of equals; NULL where nobody asks. */
void max_pool(const bf16 *x, bf16 *y, uint8_t *where, int64_t images, int64_t height, int64_t width, int64_t channels,
              int64_t halve, int64_t threads) {
  int64_t out_height = ((height - 1) >> halve) + 1, out_width = ((width - 1) >> halve) + 1;
#pragma omp parallel for num_threads(threads) schedule(static) collapse(2)
  for (int64_t image = 0; image < images; image++)
    for (int64_t v = 0; v < out_height; v++)
      for (int64_t u = 0; u < out_width; u++) {
        const bf16 *near[9];
        int16_t number[9], count = 0;
        for (int16_t k = 0; k < 9; k++) {
          int64_t row = (v << halve) - 1 + k / 3, column = (u << halve) - 1 + k % 3;
          if (row < 0 || row >= height || column < 0 || column >= width) continue;
          near[count] = x + ((image * height + row) * width + column) * channels;
          number[count++] = k;
        }
        int64_t pixel = ((image * out_height + v) * out_width + u) * channels;
        for (int64_t i = 0; i < channels; i += LANES) {
          int64_t first = group(i, channels);
          lanes best, at = (lanes){} + number[0], value;
          memcpy(&best, near[0] + first, sizeof best);
          best = ordered(best);
          for (int16_t j = 1; j < count; j++) {
            memcpy(&value, near[j] + first, sizeof value);
            value = ordered(value);
            lanes better = value > best;
            best = choose(better, value, best);
            at = choose(better, (lanes){} + number[j], at);
          }
          best = ordered(best);
          memcpy(y + pixel + first, &best, sizeof best);
          if (where) {
            bytes numbers = __builtin_convertvector(at, bytes);
            memcpy(where + pixel + first, &numbers, sizeof numbers);
          }
        }
      }
}

/* Bits of float32 whose upper half is the nearest bfloat16, halves to even. */
static inline words rounded(words x) { return x + 0x7fff + ((x >> 16) & 1); }

/* Every pixel of dx collects the gradients of the windows that it was the largest of: nothing is written twice. */
void max_pool_gradient(const bf16 *gradient, const uint8_t *where, bf16 *dx, int64_t images, int64_t height,
                       int64_t width, int64_t channels, int64_t halve, int64_t threads) {
  int64_t out_height = ((height - 1) >> halve) + 1, out_width = ((width - 1) >> halve) + 1;
#pragma omp parallel for num_threads(threads) schedule(static) collapse(2)
  for (int64_t image = 0; image < images; image++)
    for (int64_t row = 0; row < height; row++)
      for (int64_t column = 0; column < width; column++) {
        int64_t windows[9], first_v = ((row ? row - 1 : 0) + halve) >> halve;
        int64_t first_u = ((column ? column - 1 : 0) + halve) >> halve;
        int16_t number[9], count = 0; /* which of a window's nine this pixel is */
        for (int64_t v = first_v; v <= (row + 1) >> halve && v < out_height; v++)
          for (int64_t u = first_u; u <= (column + 1) >> halve && u < out_width; u++) {
            windows[count] = ((image * out_height + v) * out_width + u) * channels;
            number[count++] = (int16_t)((row + 1 - (v << halve)) * 3 + column + 1 - (u << halve));
          }
        bf16 *result = dx + ((image * height + row) * width + column) * channels;
        for (int64_t i = 0; i < channels; i += LANES) {
          int64_t first = group(i, channels);
          floats even = {}, odd = {}; /* channels, two to a 32-bit word */
          for (int16_t j = 0; j < count; j++) {
            bytes at;
            lanes part;
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
