/* Batch norm and ReLU in training, some rows at a time: batch_norm.py has the formulas. */
#ifndef BATCH_NORM_H
#define BATCH_NORM_H
#include "bf16.h"

enum { BLOCK = 64 }; /* rows summed in float32 before they are added in double */

/* What a layer knows of its channels once the batch was seen; scale and offset make x the number before the ReLU. */
enum { MEAN, INVERSE, SCALE, OFFSET, STATISTICS };

/* Not `x > 0 ? x : 0`: what is not a number must stay so, or a run that fails would look well. */
static inline float relu(float x) { return x < 0 ? 0 : x; }

/* The gradient before the ReLU; whether y was 0 is computed again, which costs less than reading y. */
static inline float before_relu(bf16 gradient, float x, float scale, float offset) {
  return x * scale + offset <= 0 ? 0 : wide(gradient);
}

/* Adds to sums[0..1][channels]: over rows, (x - shift) and its square. A shift among the values keeps the variance from
 * rounding. */
static inline void add_sums(const bf16 *x, int64_t apart, int64_t rows, int64_t channels, const float *restrict shift,
                            double *restrict sums) {
  float s[channels], q[channels];
  for (int64_t row = 0; row < rows;) {
    int64_t stop = row + BLOCK < rows ? row + BLOCK : rows;
    memset(s, 0, sizeof s);
    memset(q, 0, sizeof q);
    for (; row + 4 <= stop; row += 4) { /* four at a time: s and q are read and written as often less */
      const bf16 *a = x + row * apart, *b = a + apart, *c = b + apart, *d = c + apart;
#pragma omp simd
      for (int64_t i = 0; i < channels; i++) {
        float t = shift[i], ai = wide(a[i]) - t, bi = wide(b[i]) - t, ci = wide(c[i]) - t, di = wide(d[i]) - t;
        s[i] += (ai + bi) + (ci + di);
        q[i] += (ai * ai + bi * bi) + (ci * ci + di * di);
      }
    }
    for (; row < stop; row++) {
      const bf16 *a = x + row * apart;
#pragma omp simd
      for (int64_t i = 0; i < channels; i++) {
        float ai = wide(a[i]) - shift[i];
        s[i] += ai;
        q[i] += ai * ai;
      }
    }
    for (int64_t i = 0; i < channels; i++) sums[i] += s[i], sums[channels + i] += q[i];
  }
}

/* y = relu(x * scale + offset) */
static inline void normalise(const bf16 *x, int64_t x_apart, bf16 *y, int64_t y_apart, int64_t rows, int64_t channels,
                             const float *restrict statistics) {
  const float *scale = statistics + SCALE * channels, *offset = statistics + OFFSET * channels;
  for (int64_t row = 0; row < rows; row++) {
    const bf16 *a = x + row * x_apart;
    bf16 *restrict o = y + row * y_apart;
#pragma omp simd
    for (int64_t i = 0; i < channels; i++) o[i] = narrow(relu(wide(a[i]) * scale[i] + offset[i]));
  }
}

/* Adds to sums[0..1][channels]: over rows, the gradient g before the ReLU, and g * (x - mean). */
static inline void add_gradient_sums(const bf16 *x, int64_t x_apart, const bf16 *gradient, int64_t g_apart, int64_t rows,
                                     int64_t channels, const float *restrict statistics, double *restrict sums) {
  const float *mean = statistics, *scale = statistics + SCALE * channels, *offset = statistics + OFFSET * channels;
  float s[channels], q[channels];
  for (int64_t row = 0; row < rows;) {
    int64_t stop = row + BLOCK < rows ? row + BLOCK : rows;
    memset(s, 0, sizeof s);
    memset(q, 0, sizeof q);
    for (; row + 2 <= stop; row += 2) {
      const bf16 *a = x + row * x_apart, *b = a + x_apart;
      const bf16 *ga = gradient + row * g_apart, *gb = ga + g_apart;
#pragma omp simd
      for (int64_t i = 0; i < channels; i++) {
        float ai = wide(a[i]), bi = wide(b[i]);
        float gi = before_relu(ga[i], ai, scale[i], offset[i]), hi = before_relu(gb[i], bi, scale[i], offset[i]);
        s[i] += gi + hi;
        q[i] += gi * (ai - mean[i]) + hi * (bi - mean[i]);
      }
    }
    for (; row < stop; row++) {
      const bf16 *a = x + row * x_apart, *ga = gradient + row * g_apart;
#pragma omp simd
      for (int64_t i = 0; i < channels; i++) {
        float ai = wide(a[i]), gi = before_relu(ga[i], ai, scale[i], offset[i]);
        s[i] += gi;
        q[i] += gi * (ai - mean[i]);
      }
    }
    for (int64_t i = 0; i < channels; i++) sums[i] += s[i], sums[channels + i] += q[i];
  }
}

/* dx = g * scale + x * slope + constant, g the gradient before the ReLU; line = slope, then constant */
static inline void input_gradient(const bf16 *x, int64_t x_apart, const bf16 *gradient, int64_t g_apart, bf16 *dx,
                                  int64_t d_apart, int64_t rows, int64_t channels, const float *restrict statistics,
                                  const float *restrict line) {
  const float *scale = statistics + SCALE * channels, *offset = statistics + OFFSET * channels;
  const float *slope = line, *constant = line + channels;
  for (int64_t row = 0; row < rows; row++) {
    const bf16 *a = x + row * x_apart, *g = gradient + row * g_apart;
    bf16 *restrict o = dx + row * d_apart;
#pragma omp simd
    for (int64_t i = 0; i < channels; i++) {
      float ai = wide(a[i]), gi = before_relu(g[i], ai, scale[i], offset[i]);
      o[i] = narrow(gi * scale[i] + ai * slope[i] + constant[i]);
    }
  }
}
#endif
