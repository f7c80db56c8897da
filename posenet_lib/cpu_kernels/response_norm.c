/* Local response normalisation over 5 channels, beta 0.75: ../local_response_norm.py has the formulas.
 *
 * A pixel's channels stay in the processor's cache from the first step to the last. `scale` is alpha / 5.
 */
#include <math.h>

#include "bf16.h"

enum { SIZE = 5, HALF = SIZE / 2 };

/* At each channel the sum over its window. `padded` has HALF zeros before the first channel and after the last. */
static inline void window_sums(const float *restrict padded, float *restrict sums, int64_t channels) {
#pragma omp simd
  for (int64_t i = 0; i < channels; i++)
    sums[i] = padded[i] + padded[i + 1] + padded[i + 2] + padded[i + 3] + padded[i + 4];
}

static inline float power(float denominator) { /* ** -0.75 */
  float root = 1 / sqrtf(denominator);
  return sqrtf(root) * root;
}

void response_norm(const bf16 *x, bf16 *y, int64_t rows, int64_t channels, double scale, double k, int64_t threads) {
#pragma omp parallel num_threads(threads)
  {
    float squares[channels + SIZE - 1], sums[channels];
    memset(squares, 0, sizeof squares);
    float factor = (float)scale, least = (float)k;
#pragma omp for schedule(static)
    for (int64_t row = 0; row < rows; row++) {
      const bf16 *a = x + row * channels;
      bf16 *restrict o = y + row * channels;
#pragma omp simd
      for (int64_t i = 0; i < channels; i++) squares[i + HALF] = wide(a[i]) * wide(a[i]);
      window_sums(squares, sums, channels);
#pragma omp simd
      for (int64_t i = 0; i < channels; i++) o[i] = narrow(wide(a[i]) * power(least + factor * sums[i]));
    }
  }
}

void response_norm_gradient(const bf16 *x, const bf16 *gradient, bf16 *dx, int64_t rows, int64_t channels,
                            double scale, double beta_scale_2, double k, int64_t threads) {
#pragma omp parallel num_threads(threads)
  {
    float padded[channels + SIZE - 1], sums[channels], direct[channels];
    memset(padded, 0, sizeof padded);
    float factor = (float)scale, through = (float)beta_scale_2, least = (float)k;
#pragma omp for schedule(static)
    for (int64_t row = 0; row < rows; row++) {
      const bf16 *a = x + row * channels, *g = gradient + row * channels;
      bf16 *restrict o = dx + row * channels;
#pragma omp simd
      for (int64_t i = 0; i < channels; i++) padded[i + HALF] = wide(a[i]) * wide(a[i]);
      window_sums(padded, sums, channels);
#pragma omp simd
      for (int64_t i = 0; i < channels; i++) {
        float denominator = least + factor * sums[i];
        direct[i] = wide(g[i]) * power(denominator);
        padded[i + HALF] = direct[i] * wide(a[i]) / denominator;
      }
      window_sums(padded, sums, channels);
#pragma omp simd
      for (int64_t i = 0; i < channels; i++) o[i] = narrow(direct[i] - through * wide(a[i]) * sums[i]);
    }
  }
}
