/** What is measured: the workloads (a) to (h), each a list of named cases. */
@NullMarked
package io.wellspring.bench.workload;

import org.jspecify.annotations.NullMarked;
