/* Batch norm and ReLU of whole batches in training, followed by max pooling or not.
 *
 * statistics: [STATISTICS][channels], written forward, read backward. sums: [threads][2][channels], scratch.
 */
#include "batch_norm.h"

#include <math.h>
#include <omp.h>

#include "max_pool.h"

typedef struct { /* of rows, for one thread of perhaps fewer than were asked for */
  int64_t first, count;
} share;

static share own_share(int64_t rows) {
  int64_t thread = omp_get_thread_num(), threads = omp_get_num_threads(), first = rows * thread / threads;
  return (share){first, rows * (thread + 1) / threads - first};
}

static double *own_sums(double *sums, int64_t channels) {
  double *own = sums + omp_get_thread_num() * 2 * channels;
  memset(own, 0, 2 * channels * sizeof *own);
  return own;
}

/* All threads' sums, in the first one's place. */
static void gather(double *sums, int64_t channels) {
  for (int64_t thread = 1; thread < omp_get_num_threads(); thread++)
    for (int64_t i = 0; i < 2 * channels; i++) sums[i] += sums[thread * 2 * channels + i];
}

typedef struct { /* a layer's parameters and running statistics, each [channels] */
  const float *weight, *bias;
  float *running_mean, *running_var;
  double momentum, eps;
} layer;

static void learn_statistics(const bf16 *x, int64_t apart, int64_t rows, int64_t channels, layer of, float *statistics,
                             double *sums) {
  float shift[channels]; /* not the running mean, which may have met what is not a number */
  for (int64_t i = 0; i < channels; i++) shift[i] = wide(x[i]);
  share own = own_share(rows);
  add_sums(x + own.first * apart, apart, own.count, channels, shift, own_sums(sums, channels));
#pragma omp barrier
#pragma omp single
  {
    gather(sums, channels);
    for (int64_t i = 0; i < channels; i++) {
      double first = sums[i] / rows, second = sums[channels + i] / rows - first * first;
      float mean = (float)(first + shift[i]), variance = second < 0 ? 0 : (float)second;
      of.running_mean[i] += (float)of.momentum * (mean - of.running_mean[i]);
      float unbiased = variance * (float)((double)rows / (rows - 1));
      of.running_var[i] += (float)of.momentum * (unbiased - of.running_var[i]);
      float inverse = 1 / sqrtf(variance + (float)of.eps), scale = of.weight[i] * inverse;
      statistics[MEAN * channels + i] = mean;
      statistics[INVERSE * channels + i] = inverse;
      statistics[SCALE * channels + i] = scale;
      statistics[OFFSET * channels + i] = of.bias[i] - mean * scale;
    }
  }
}

void batch_norm(const bf16 *x, int64_t x_apart, bf16 *y, int64_t y_apart, int64_t rows, int64_t channels,
                const float *weight, const float *bias, float *running_mean, float *running_var, double momentum,
                double eps, float *statistics, double *sums, int64_t threads) {
  layer of = {weight, bias, running_mean, running_var, momentum, eps};
#pragma omp parallel num_threads(threads)
  {
    learn_statistics(x, x_apart, rows, channels, of, statistics, sums);
    share own = own_share(rows);
    normalise(x + own.first * x_apart, x_apart, y + own.first * y_apart, y_apart, own.count, channels, statistics);
  }
}

/* The same and 3x3 max pooling with stride 2: what is normalised stays in the cache, line by line. */
void batch_norm_pool(const bf16 *x, bf16 *y, uint8_t *where, int64_t images, int64_t height, int64_t width,
                     int64_t channels, const float *weight, const float *bias, float *running_mean, float *running_var,
                     double momentum, double eps, float *statistics, double *sums, int64_t threads) {
  layer of = {weight, bias, running_mean, running_var, momentum, eps};
  pooling p = {height, width, channels, 1};
  int64_t out_height = halved(height, 1), line = width * channels, out_line = halved(width, 1) * channels;
#pragma omp parallel num_threads(threads)
  {
    learn_statistics(x, channels, images * height * width, channels, of, statistics, sums);
    bf16 normalised[line];
    int16_t largest[3][out_line];
    uint8_t which[3][out_line];
    swept s = {{largest[0], largest[1], largest[2]}, {which[0], which[1], which[2]}, -1};
#pragma omp for schedule(static)
    for (int64_t v = 0; v < images * out_height; v++) {
      int64_t begin = v / out_height * height, middle = 2 * (v % out_height);
      for (int64_t n = next_line(&s, begin, middle); n <= begin + middle + 1 && n < begin + height; s.last = n++) {
        normalise(x + n * line, channels, normalised, channels, width, channels, statistics);
        sweep_line(normalised, s.largest[n % 3], s.which[n % 3], p);
      }
      pool_line(&s, begin, middle, y + v * out_line, where + v * out_line, p);
    }
  }
}

/* Of the layer's parameters; and slope and constant of batch_norm.h's input_gradient. */
static void learn_gradients(int64_t rows, int64_t channels, const float *statistics, double *sums, float *of_weight,
                            float *of_bias, float *line) {
  gather(sums, channels);
  for (int64_t i = 0; i < channels; i++) {
    float of_gradient = (float)sums[i], of_product = (float)sums[channels + i];
    float inverse = statistics[INVERSE * channels + i], scale = statistics[SCALE * channels + i];
    of_bias[i] = of_gradient;
    of_weight[i] = of_product * inverse;
    line[i] = -scale * inverse * inverse * of_product / rows;
    line[channels + i] = -scale * of_gradient / rows - line[i] * statistics[MEAN * channels + i];
  }
}

void batch_norm_gradient(const bf16 *x, int64_t x_apart, const bf16 *gradient, int64_t g_apart, bf16 *dx,
                         int64_t d_apart, int64_t rows, int64_t channels, const float *statistics, float *of_weight,
                         float *of_bias, double *sums, int64_t threads) {
  float line[2 * channels];
#pragma omp parallel num_threads(threads) firstprivate(x, gradient, dx)
  {
    share own = own_share(rows);
    x += own.first * x_apart, gradient += own.first * g_apart, dx += own.first * d_apart;
    add_gradient_sums(x, x_apart, gradient, g_apart, own.count, channels, statistics, own_sums(sums, channels));
#pragma omp barrier
#pragma omp single
    learn_gradients(rows, channels, statistics, sums, of_weight, of_bias, line);
    input_gradient(x, x_apart, gradient, g_apart, dx, d_apart, own.count, channels, statistics, line);
  }
}

/* Of batch_norm_pool: the gradient before pooling is made twice, line by line, and never written to memory. */
void batch_norm_pool_gradient(const bf16 *x, const bf16 *gradient, const uint8_t *where, bf16 *dx, int64_t images,
                              int64_t height, int64_t width, int64_t channels, const float *statistics,
                              float *of_weight, float *of_bias, double *sums, int64_t threads) {
  float constants[2 * channels];
  pooling p = {height, width, channels, 1};
  int64_t rows = images * height * width, line = width * channels;
  int64_t out_image = halved(height, 1) * halved(width, 1) * channels;
#pragma omp parallel num_threads(threads)
  {
    bf16 unpooled[line];
    double *own = own_sums(sums, channels);
#pragma omp for schedule(static)
    for (int64_t row = 0; row < images * height; row++) {
      int64_t image = row / height * out_image;
      unpool_line(gradient + image, where + image, row % height, unpooled, p, 0);
      add_gradient_sums(x + row * line, channels, unpooled, channels, width, channels, statistics, own);
    }
#pragma omp single
    learn_gradients(rows, channels, statistics, sums, of_weight, of_bias, constants);
#pragma omp for schedule(static)
    for (int64_t row = 0; row < images * height; row++) {
      int64_t image = row / height * out_image;
      unpool_line(gradient + image, where + image, row % height, unpooled, p, 0);
      input_gradient(x + row * line, channels, unpooled, channels, dx + row * line, channels, width, channels,
                     statistics, constants);
    }
  }
}
