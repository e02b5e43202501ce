import type { FastifySchemaCompiler, FastifySerializerCompiler, FastifyServerOptions } from 'fastify';
import { Compile, type TSchema } from '../../protocol/schema.ts';

/**
 * What checks the bodies of requests. TypeBox itself, which is loaded anyway: Fastify's own choice (Ajv) would cost each start a
 * sixth of a second, and takes "1" for 1.
 */
const buildValidator = (): FastifySchemaCompiler<TSchema> => {
  return ({ schema, httpPart = 'body' }) => {
    const compiled = Compile(schema);
    return (value) => {
      if (compiled.Check(value)) return { value };
      const [first] = compiled.Errors(value);
      return { error: new Error(`${httpPart}${first?.instancePath ?? ''} ${first?.message ?? 'is not right'}`) };
    };
  };
};

/** No route here declares what it answers. */
const buildSerializer = (): FastifySerializerCompiler<unknown> => () => (answer) => JSON.stringify(answer);

// Fastify's types know its own two compilers only.
export const schemaController = { compilersFactory: { buildValidator, buildSerializer } } as unknown as NonNullable<
  FastifyServerOptions['schemaController']
>;
