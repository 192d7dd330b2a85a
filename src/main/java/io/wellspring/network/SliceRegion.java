package io.wellspring.network;

import io.netty.channel.DefaultFileRegion;
import io.wellspring.batch.FileSlice;

/**
 * A stretch of a slice for the kernel to send. Unlike its parent it leaves the file open: the file is shared, and the slice is
 * given back by {@link OutgoingSlice}.
 */
final class SliceRegion extends DefaultFileRegion {
    SliceRegion(FileSlice slice, int from, int sizeBytes) {
        super(slice.channel(), slice.position() + from, sizeBytes);
    }

    @Override
    protected void deallocate() {
        // The file belongs to the log.
    }
}
