/* Batch norm and ReLU in training on a CPU: see __init__.py, and layers.py for the formulas.
 *
 * All images are bfloat16, channels last: a row is one pixel's channels, side by side. Numbers are computed in float32,
 * sums over rows in double.
 */
#include <omp.h>
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

/* Not `x > 0 ? x : 0`: what is not a number must stay so, or a run that fails would look well. */
static inline float relu(float x) { return x < 0 ? 0 : x; }

enum { BLOCK = 64 }; /* rows summed in float32 before they are added in double */

/* Sums over rows of (x - shift) and of its square. A shift among the values keeps the variance from rounding.
 * sums: [threads][2][channels]. */
void batch_sums(const bf16 *x, int64_t rows, int64_t channels, const float *shift, double *sums, int64_t at_most) {
#pragma omp parallel num_threads(at_most)
  {
    int64_t thread = omp_get_thread_num(), threads = omp_get_num_threads(); /* perhaps fewer than asked for */
    int64_t row = rows * thread / threads, end = rows * (thread + 1) / threads;
    double *sum = sums + thread * 2 * channels, *square = sum + channels;
    float s[channels], q[channels];
    memset(sum, 0, 2 * channels * sizeof *sum);
    while (row < end) {
      int64_t stop = row + BLOCK < end ? row + BLOCK : end;
      memset(s, 0, sizeof s);
      memset(q, 0, sizeof q);
      for (; row + 4 <= stop; row += 4) { /* four at a time: s and q are read and written as often less */
        const bf16 *a = x + row * channels, *b = a + channels, *c = b + channels, *d = c + channels;
#pragma omp simd
        for (int64_t i = 0; i < channels; i++) {
          float t = shift[i], ai = wide(a[i]) - t, bi = wide(b[i]) - t, ci = wide(c[i]) - t, di = wide(d[i]) - t;
          s[i] += (ai + bi) + (ci + di);
          q[i] += (ai * ai + bi * bi) + (ci * ci + di * di);
        }
      }
      for (; row < stop; row++) {
        const bf16 *a = x + row * channels;
#pragma omp simd
        for (int64_t i = 0; i < channels; i++) {
          float ai = wide(a[i]) - shift[i];
          s[i] += ai;
          q[i] += ai * ai;
        }
      }
      for (int64_t i = 0; i < channels; i++) sum[i] += s[i], square[i] += q[i];
    }
  }
}

/* y = relu(x * scale + offset) */
void scale_relu(const bf16 *x, bf16 *y, int64_t rows, int64_t channels, const float *scale, const float *offset,
                int64_t threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int64_t row = 0; row < rows; row++) {
    const bf16 *a = x + row * channels;
    bf16 *restrict o = y + row * channels;
#pragma omp simd
    for (int64_t i = 0; i < channels; i++) o[i] = narrow(relu(wide(a[i]) * scale[i] + offset[i]));
  }
}

/* The gradient before the ReLU; whether y was 0 is computed again, which costs less than reading y. */
static inline float before_relu(bf16 gradient, float x, float scale, float offset) {
  return x * scale + offset <= 0 ? 0 : wide(gradient);
}

/* Sums over rows of the gradient g before the ReLU, and of g * (x - mean). sums: [threads][2][channels]. Rows of the
 * gradient lie `apart`, more than their length where it is a slice of concatenated channels. */
void gradient_sums(const bf16 *x, const bf16 *gradient, int64_t apart, int64_t rows, int64_t channels,
                   const float *scale, const float *offset, const float *mean, double *sums, int64_t at_most) {
#pragma omp parallel num_threads(at_most)
  {
    int64_t thread = omp_get_thread_num(), threads = omp_get_num_threads(); /* perhaps fewer than asked for */
    int64_t row = rows * thread / threads, end = rows * (thread + 1) / threads;
    double *sum = sums + thread * 2 * channels, *product = sum + channels;
    float s[channels], q[channels];
    memset(sum, 0, 2 * channels * sizeof *sum);
    while (row < end) {
      int64_t stop = row + BLOCK < end ? row + BLOCK : end;
      memset(s, 0, sizeof s);
      memset(q, 0, sizeof q);
      for (; row + 2 <= stop; row += 2) {
        const bf16 *a = x + row * channels, *b = a + channels;
        const bf16 *ga = gradient + row * apart, *gb = ga + apart;
#pragma omp simd
        for (int64_t i = 0; i < channels; i++) {
          float ai = wide(a[i]), bi = wide(b[i]);
          float gi = before_relu(ga[i], ai, scale[i], offset[i]), hi = before_relu(gb[i], bi, scale[i], offset[i]);
          s[i] += gi + hi;
          q[i] += gi * (ai - mean[i]) + hi * (bi - mean[i]);
        }
      }
      for (; row < stop; row++) {
        const bf16 *a = x + row * channels, *ga = gradient + row * apart;
#pragma omp simd
        for (int64_t i = 0; i < channels; i++) {
          float ai = wide(a[i]), gi = before_relu(ga[i], ai, scale[i], offset[i]);
          s[i] += gi;
          q[i] += gi * (ai - mean[i]);
        }
      }
      for (int64_t i = 0; i < channels; i++) sum[i] += s[i], product[i] += q[i];
    }
  }
}

/* dx = g * scale + x * slope + constant, g the gradient before the ReLU */
void input_gradient(const bf16 *x, const bf16 *gradient, int64_t apart, bf16 *dx, int64_t rows, int64_t channels,
                    const float *scale, const float *offset, const float *slope, const float *constant,
                    int64_t threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int64_t row = 0; row < rows; row++) {
    const bf16 *a = x + row * channels, *g = gradient + row * apart;
    bf16 *restrict o = dx + row * channels;
#pragma omp simd
    for (int64_t i = 0; i < channels; i++) {
      float ai = wide(a[i]), gi = before_relu(g[i], ai, scale[i], offset[i]);
      o[i] = narrow(gi * scale[i] + ai * slope[i] + constant[i]);
    }
  }
}
