package io.wellspring.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wellspring.support.StartRefusedException;
import java.util.List;
import org.apache.kafka.common.message.ApiMessageType;
import org.junit.jupiter.api.Test;

final class ApiRegistryTest {
    @Test
    void whatIsClaimedIsWhatThereAreHandlersForSortedByKey() {
        ApiRegistry registry = new ApiRegistry(List.of(
                new FakeHandlers.ProducerIds(), new FakeHandlers.Versions(), new FakeHandlers.FailingProduce()));

        assertThat(registry.supported())
                .containsExactly(
                        new SupportedApis.SupportedApi(ApiMessageType.PRODUCE, VersionRange.of(0, 13)),
                        new SupportedApis.SupportedApi(ApiMessageType.API_VERSIONS, VersionRange.of(0, 4)),
                        new SupportedApis.SupportedApi(ApiMessageType.INIT_PRODUCER_ID, VersionRange.of(0, 4)));
    }

    @Test
    void keysWithoutHandlerAreNotFoundWhateverTheirNumber() {
        ApiRegistry registry = new ApiRegistry(List.of(new FakeHandlers.ProducerIds()));

        assertThat(registry.find(ApiMessageType.INIT_PRODUCER_ID.apiKey())).isNotNull();
        assertThat(registry.find((short) 21)).isNull();
        assertThat(registry.find((short) 23)).isNull();
        assertThat(registry.find((short) -1)).isNull();
        assertThat(registry.find(Short.MAX_VALUE)).isNull();
    }

    @Test
    void twoHandlersForOneKeyRefuseToStart() {
        List<RequestHandler<?, ?>> twins = List.of(new FakeHandlers.ProducerIds(), new FakeHandlers.ProducerIds());

        assertThatThrownBy(() -> new ApiRegistry(twins))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("INIT_PRODUCER_ID");
    }

    @Test
    void versionsThatTheProtocolDoesNotHaveRefuseToStart() {
        FakeHandlers.ProducerIds handler = new FakeHandlers.ProducerIds();
        handler.versions = VersionRange.of(0, 99);

        assertThatThrownBy(() -> new ApiRegistry(List.of(handler)))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("99");
    }
}
