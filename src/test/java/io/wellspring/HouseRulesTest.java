package io.wellspring;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The plan of the house, checked. Each rule says why it is there. */
final class HouseRulesTest {
    private static final int CONSTRUCTOR_PARAMETERS_MOST = 7;
    private static final int SUPPORT_CLASSES_MOST = 10;

    private static JavaClasses house;

    @BeforeAll
    static void readTheHouse() {
        house = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(HousePlan.ROOT);
    }

    @Test
    void everyRoomIsOnThePlan() {
        Set<String> rooms = new TreeSet<>();
        for (JavaClass type : house) {
            rooms.add(HousePlan.roomOf(type.getPackageName()));
        }
        rooms.remove("");
        assertThat(HousePlan.MAY_USE.keySet())
                .as("a new package is entered in HousePlan first, with what it may use")
                .containsAll(rooms);
    }

    @Test
    void eachRoomLooksOnlyIntoTheRoomsOnThePlan() {
        classes()
                .should(new ArchCondition<JavaClass>("look only into the rooms on the plan") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        String room = HousePlan.roomOf(type.getPackageName());
                        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                            JavaClass target = dependency.getTargetClass().getBaseComponentType();
                            if (isOurs(target) && !mayUse(room, HousePlan.roomOf(target.getPackageName()))) {
                                events.add(violated(dependency, dependency.getDescription()));
                            }
                        }
                    }
                })
                .because(
                        "data flows one way, network -> api -> partition -> log, and a room is understood by what it cannot see")
                .check(house);
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().startsWith(HousePlan.ROOT);
    }

    private static boolean mayUse(String room, String target) {
        return room.equals(target)
                || HousePlan.MAY_USE.getOrDefault(room, Set.of()).contains(target);
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("io.wellspring.(**)")
                .should()
                .beFreeOfCycles()
                .because("a cycle makes two rooms one that nobody can take apart")
                .check(house);
    }

    @Test
    void networkKnowsOfTheApiOnlyItsFrontDoor() {
        noClasses()
                .that()
                .resideInAPackage("io.wellspring.network..")
                .should()
                .dependOnClassesThat(describe(
                        "are in api but not its front door",
                        type -> type.getPackageName().startsWith("io.wellspring.api")
                                && !type.getName().startsWith("io.wellspring.api.RequestProcessor")
                                && !type.getName().startsWith("io.wellspring.api.ConnectionContext")
                                && !type.getName().equals("io.wellspring.api.ConnectionLoop")
                                && !type.getName().equals("io.wellspring.api.ConnectionRefusedException")))
                .because("sockets must not know what an API means")
                .check(house);
    }

    @Test
    void frameworksStayInTheirRooms() {
        onlyIn("the cluster speaks to Ratis through the seam in partition", "org.apache.ratis..", "cluster");
        onlyIn("sockets are the network's business", "io.netty..", "network", "management", "console");
        onlyIn("reactive types stay at the socket", "reactor..", "network", "management", "console");
        onlyIn("rooms tell their own metrics interface, management has the meters", "io.micrometer..", "management");
        noClasses()
                .that()
                .resideOutsideOfPackages("io.wellspring.management..", HousePlan.ROOT)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework.boot.actuate..")
                .because(
                        "operators' endpoints live in management; only the application leaves out wiring that it replaces")
                .check(house);
        onlyIn("Kafka's classes are the wire's words", "org.apache.kafka..", "protocol", "api", "coordinator");
        String library =
                "Kafka's state machines of groups are seen through our own front door, so that they can be replaced";
        onlyIn(library, "org.apache.kafka.coordinator..", "coordinator.group");
        onlyIn(library, "org.apache.kafka.image..", "coordinator.group");
        onlyIn(library, "org.apache.kafka.server..", "coordinator.group");
        onlyIn(library, "org.apache.kafka.storage..", "coordinator.group");
        onlyIn(library, "org.apache.kafka.timeline..", "coordinator.group");
    }

    private static void onlyIn(String reason, String framework, String... rooms) {
        String[] packages = new String[rooms.length];
        for (int i = 0; i < rooms.length; i++) {
            packages[i] = HousePlan.ROOT + "." + rooms[i] + "..";
        }
        noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(framework)
                .because(reason)
                .check(house);
    }

    @Test
    void springWiresAndDoesNothingElse() {
        noClasses()
                .that(describe("are not wiring", HouseRulesTest::isNotWiring))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework..")
                .because("the broker is plain Java that Spring puts together; only handlers carry @Component")
                .check(house);
    }

    private static boolean isNotWiring(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        String name = outer.getSimpleName();
        return !(name.endsWith("Configuration")
                || name.endsWith("Properties")
                || name.endsWith("Lifecycle")
                || name.endsWith("Handler")
                || outer.getPackageName().equals(HousePlan.ROOT)
                || outer.getPackageName().startsWith("io.wellspring.management")
                || outer.getPackageName().startsWith("io.wellspring.console"));
    }

    @Test
    void everyPackageIsNullMarked() {
        classes()
                .should(new ArchCondition<JavaClass>("live in a package that is @NullMarked") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                            events.add(violated(type, type.getPackageName() + " has no @NullMarked package-info"));
                        }
                    }
                })
                .because("null means absence only where the type says so")
                .check(house);
    }

    @Test
    void timeAndChanceComeThroughTheConstructor() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.wellspring.support..", "io.wellspring.model..")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callConstructor(Random.class)
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(ManagementFactory.class, "getRuntimeMXBean")
                .because("a test must be able to hold the clock and the dice")
                .check(house);
    }

    @Test
    void modelIsMadeOfValues() {
        classes()
                .that()
                .resideInAPackage("io.wellspring.model..")
                .and()
                .doNotHaveSimpleName("package-info")
                .should()
                .beRecords()
                .orShould()
                .beEnums()
                .orShould()
                .beInterfaces()
                .because("words that every room uses have no behaviour of their own")
                .check(house);
    }

    @Test
    void supportStaysSmall() {
        long count = house.stream()
                .filter(type -> type.getPackageName().equals("io.wellspring.support"))
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .count();
        assertThat(count).as("support is the floor, not a cupboard").isLessThanOrEqualTo(SUPPORT_CLASSES_MOST);
    }

    @Test
    void constructorsAreShort() {
        constructors()
                .that()
                .areDeclaredInClassesThat(describe("are no records", type -> !type.isRecord() && !type.isEnum()))
                .should(
                        new ArchCondition<JavaConstructor>(
                                "have at most " + CONSTRUCTOR_PARAMETERS_MOST + " parameters") {
                            @Override
                            public void check(JavaConstructor constructor, ConditionEvents events) {
                                if (constructor.getRawParameterTypes().size() > CONSTRUCTOR_PARAMETERS_MOST) {
                                    events.add(violated(constructor, constructor.getFullName()));
                                }
                            }
                        })
                .because("a class that is given everything ends up doing everything")
                .check(house);
    }

    @Test
    void handlersStandAlone() {
        DescribedPredicate<JavaClass> handler = describe("are handlers", HouseRulesTest::isHandler);
        classes()
                .that(handler)
                .should(new ArchCondition<JavaClass>("use no other handler") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                            if (isHandler(dependency.getTargetClass())
                                    && !dependency.getTargetClass().equals(type)) {
                                events.add(violated(dependency, dependency.getDescription()));
                            }
                        }
                    }
                })
                .because("what two APIs share is a class of its own")
                .check(house);
        classes()
                .that(handler)
                .should()
                .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL)
                .because("whoever cannot compose must inherit, and handlers compose")
                .check(house);
    }

    private static boolean isHandler(JavaClass type) {
        return type.getPackageName().startsWith("io.wellspring.api.")
                && type.isTopLevelClass()
                && type.getSimpleName().endsWith("Handler");
    }

    @Test
    void classesAreCalledByWhatTheyAre() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameStartingWith("Abstract")
                .because("a name that fits everything attracts everything")
                .check(house);
    }

    @Test
    void nobodyInjectsIntoFieldsOrLogsBesideTheFacade() {
        NO_CLASSES_SHOULD_USE_FIELD_INJECTION
                .because("a class says in its constructor what it needs")
                .check(house);
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING
                .because("there is one logging facade, SLF4J")
                .check(house);
    }

    @Test
    void onlyTheReadyLineIsPrinted() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.wellspring.management..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .because("standard output carries one line, the ready line, that scripts wait for")
                .check(house);
    }
}
