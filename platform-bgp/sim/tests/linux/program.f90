! What Fortran has: arrays, intrinsics, formatted output, complex numbers, internal files.
program numbers
  implicit none
  integer, parameter :: n = 24
  real(8) :: a(n, n), b(n, n), c(n, n), x(n)
  complex(8) :: z
  character(len=40) :: text
  integer :: i, j
  do j = 1, n
    do i = 1, n
      a(i, j) = 1.0d0 / (i + j - 1)
      b(i, j) = tanh(0.1d0 * (i - j)) + 1.0d0 / (i + 2 * j)
    end do
  end do
  c = matmul(a, b)
  x = matmul(transpose(c), b(:, 3))
  print '(4es24.16)', sum(c), maxval(c), minval(c), dot_product(x, x)
  print '(a, 3f12.6)', ' norms ', norm2(x), sum(abs(x)), maxval(abs(x))
  z = (0.5d0, -1.25d0)
  print *, z * z, 1 / z, abs(z)
  write (text, '(i8.8, 1x, z8.8, 1x, l1)') 1234, 48879, any(c > 1.0d0)
  print '(3a)', '[', trim(text), ']'
  print *, huge(1), tiny(1.0d0), epsilon(1.0), count(c > 0), maxloc(x)
  print '(5(f8.3))', erf(x(1)), tanh(x(2)), exp(-x(3)), log10(2 + abs(x(4))), acosh(2 + abs(x(5)))
end program numbers
