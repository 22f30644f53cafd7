"""The stress store (requirements §8): five years of a large institution, written by the services' own bulk paths.

``python -m tests.factories.stress FOLDER [--scale 0.01] [--seed 2020]`` makes one. Scale 1 is 3,500 classes, 150,000
trainees and 2.7 million marks: every tenth is a mark of its own (late, absent, on leave), the rest one command a
session; 3 % are corrected on a later day, with a reason. Scores, certificates and the statements that the platform has
accepted come with them. The seed decides names, documents, dates and marks; keys and salts are random as always.
"""
