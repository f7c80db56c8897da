/* Max pooling of whole batches. */
#include "max_pool.h"

void max_pool(const bf16 *x, bf16 *y, uint8_t *where, int64_t images, int64_t height, int64_t width, int64_t channels,
              int64_t halve, int64_t threads) {
  pooling p = {height, width, channels, halve};
  int64_t out_height = halved(height, halve), line = width * channels, out_line = halved(width, halve) * channels;
#pragma omp parallel num_threads(threads)
  {
    int16_t largest[3][out_line];
    uint8_t which[3][out_line];
    swept s = {{largest[0], largest[1], largest[2]}, {which[0], which[1], which[2]}, -1};
#pragma omp for schedule(static)
    for (int64_t v = 0; v < images * out_height; v++) {
      int64_t begin = v / out_height * height, middle = (v % out_height) << halve;
      for (int64_t n = next_line(&s, begin, middle); n <= begin + middle + 1 && n < begin + height; s.last = n++)
        sweep_line(x + n * line, s.largest[n % 3], s.which[n % 3], p);
      pool_line(&s, begin, middle, y + v * out_line, where ? where + v * out_line : NULL, p);
    }
  }
}

/* dx = the gradient before pooling, added to what is there if `add`. */
void max_pool_gradient(const bf16 *gradient, const uint8_t *where, bf16 *dx, int64_t images, int64_t height,
                       int64_t width, int64_t channels, int64_t halve, int64_t add, int64_t threads) {
  pooling p = {height, width, channels, halve};
  int64_t out_image = halved(height, halve) * halved(width, halve) * channels;
#pragma omp parallel for num_threads(threads) schedule(static) collapse(2)
  for (int64_t image = 0; image < images; image++)
    for (int64_t row = 0; row < height; row++)
      unpool_line(gradient + image * out_image, where + image * out_image, row,
                  dx + (image * height + row) * width * channels, p, (int)add);
}
