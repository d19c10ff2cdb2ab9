package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.Test;

class CDataStreamsTest {
    @Test
    void withoutTheOptionalArtifactTheErrorNamesIt() throws Exception {
        Class<?> streams = Class.forName("io.nexusid.arrow.CDataStreams", true, new WithoutCData());
        Method open = streams.getDeclaredMethod("open", long.class, BufferAllocator.class);
        open.setAccessible(true);
        InvocationTargetException e = assertThrows(InvocationTargetException.class, () -> open.invoke(null, 0L, null));
        assertInstanceOf(IllegalStateException.class, e.getCause());
        assertEquals(
                "C Data streams need the artifact org.apache.arrow:arrow-c-data on the class path",
                e.getCause().getMessage());
    }

    /** Loads the classes under test anew and knows no {@code arrow-c-data}. */
    private static final class WithoutCData extends ClassLoader {
        WithoutCData() {
            super(CDataStreamsTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("org.apache.arrow.c.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("io.nexusid.arrow.CDataStreams")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
