package io.nexusid.cli;

import io.nexusid.arrow.TableFormat;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What every command that writes tables has. */
final class FormatOption {
    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = Converter.class,
            description = "parquet (the default), arrow or csv.")
    private TableFormat format = TableFormat.PARQUET;

    TableFormat format() {
        return format;
    }

    /** Reads the name of a file format. */
    static final class Converter implements ITypeConverter<TableFormat> {
        @Override
        public TableFormat convert(String name) {
            return TableFormat.named(name)
                    .orElseThrow(() -> new TypeConversionException(
                            "there is no format '" + name + "'; the formats are parquet, arrow, csv"));
        }
    }
}
